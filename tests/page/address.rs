//! The address bar holds the state, and gives it back.

use crate::visit::{Page, Visit};

const STATE: [&str; 4] = ["data-model", "data-depth", "data-cardinality", "data-plan"];

async fn state(page: &Page) -> Vec<String> {
    let mut all = Vec::new();
    for name in STATE {
        all.push(page.attribute("#page", name).await);
    }
    all
}

#[test]
fn a_link_shows_the_same() {
    Visit::new("").tuned().run(async |page| {
        page.wait_for(30, "#page").await;
        assert_eq!(page.text("location.search").await, "", "a bare address stays bare");
        assert_eq!(state(page).await, ["cifar10", "20", "8", "fused"]);
        // What runs by default is no choice, and is not kept.
        page.wait_for(30, "#page[data-backend=cpu]").await;
        page.set("#runs [data-value=\"3\"]").await;
        page.wait(5, "location.search.includes('runs=3')").await;
        assert!(!page.text("location.search").await.contains("backend"));
        page.set("#backend [data-value=webgpu]").await;
        page.wait(5, "location.search.includes('backend=webgpu')").await;
        page.set("#backend [data-value=cpu]").await;
        page.click("#depth [data-value=\"29\"]").await;
        page.set("#plan [data-value=plain]").await;
        page.click("#cardinality [data-value=\"4\"]").await;
        page.wait_for(5, "#page[data-cardinality=\"4\"]").await;
        let link = page.text("location.search").await;
        println!("{link}");
        assert_eq!(link, "?model=cifar10&depth=29&cardinality=4&plan=plain&weights=f32&backend=cpu&runs=3");
        let chosen = state(page).await;
        assert_eq!(chosen, ["cifar10", "29", "4", "plain"]);
        let drawn = page.attribute("#drawing .part[data-part=\"layer1.0\"]", "data-channels").await;
        page.open(&link).await;
        page.wait_for(60, "#page[data-state=\"ready\"] #wall[data-runs=\"3\"]").await;
        assert_eq!(state(page).await, chosen);
        assert_eq!(page.attribute("#drawing .part[data-part=\"layer1.0\"]", "data-channels").await, drawn);

        page.open("?model=imagenet&cardinality=8&backend=cpu&runs=3").await;
        page.wait_for(30, "#page").await;
        assert_eq!(state(page).await, ["imagenet", "50", "8", "fused"]);
        assert_eq!(page.text("document.getElementById('title').innerText").await, "ResNeXt-50 8×14d");
    });
}

#[test]
fn what_a_link_cannot_ask_for_is_named_and_left_out() {
    let query = "?model=resnet9000&cardinality=7000&depth=-3&plan=sideways&runs=5&backend=cpu&colour=%3Cimg%3E";
    Visit::new(query).run(async |page| {
        page.wait_for(30, "#notices .notice").await;
        assert_eq!(state(page).await, ["cifar10", "20", "8", "fused"]);
        let notices = page.notices().await;
        println!("{notices:?}");
        assert_eq!(notices.len(), 1);
        for pair in ["model=resnet9000", "cardinality=7000", "depth=-3", "plan=sideways", "runs=5", "colour=%3Cimg%3E"]
        {
            assert!(notices[0].contains(pair), "{pair} in {notices:?}");
        }
        page.open("?model=file&plan=plain&backend=cpu&runs=3").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        assert_eq!(state(page).await, ["cifar10", "20", "8", "plain"]);
        let notices = page.notices().await;
        assert!(notices.iter().any(|text| text.contains("choose the file again")), "{notices:?}");
    });
}
