//! The cardinality laboratory: the laws of the dial, and impossible values.

use cardinal::model::{Law, ResNextConfig, block_cost, family_member};

use crate::visit::{Page, Visit};

const TEMPLATES: &str = "document.querySelectorAll('#cardinality label'), label => label.dataset.value + '×' + label.querySelector('small').innerText.split('\\n')[0]";

async fn open(page: &Page) {
    page.click("#laboratory summary").await;
    page.wait_for(10, "#groups-typed").await;
}

/// Types a number into a field and leaves it.
async fn type_number(page: &Page, css: &str, number: &str) {
    page.type_into(css, number).await;
    page.script(
        "document.querySelector(arguments[0]).dispatchEvent(new Event('change', {bubbles: true}))",
        vec![css.into()],
    )
    .await;
}

#[test]
fn the_dial_follows_either_law_at_any_cardinality() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        open(page).await;
        assert_eq!(page.list(TEMPLATES).await, ["1×41d", "2×25d", "4×15d", "8×8d", "16×4d", "32×2d"]);
        type_number(page, "#groups-typed", "6").await;
        page.wait_for(10, "#page[data-cardinality=\"6\"]").await;
        let own = ResNextConfig::cifar(2, 8, 8);
        let six = family_member(&own, Law::EqualCost, 6).expect("it exists");
        assert_eq!(page.list(TEMPLATES).await[3], six.template());
        let told = page.text("document.getElementById('block-cost').innerText.replace(/,/g, '')").await;
        for cost in [block_cost(&own), block_cost(&six)] {
            assert!(told.contains(&cost.to_string()), "{cost} in {told}");
        }
        page.click("#law [data-value=equal-width]").await;
        page.wait(10, "document.querySelectorAll('#cardinality label').length === 7").await;
        page.wait(10, "document.querySelector('#title').innerText.includes('6×8d')").await;
        assert_eq!(page.list(TEMPLATES).await, ["1×8d", "2×8d", "4×8d", "6×8d", "8×8d", "16×8d", "32×8d"]);
        type_number(page, "#width-typed", "12").await;
        page.wait(10, "document.querySelector('#title').innerText.includes('6×12d')").await;
        type_number(page, "#depth-typed", "38").await;
        page.wait_for(10, "#page[data-depth=\"38\"]").await;
        let query = page.text("location.search").await;
        for pair in ["depth=38", "cardinality=6", "law=equal-width", "reference=6x12"] {
            assert!(query.contains(pair), "{pair} in {query}");
        }
        // The address gives the same dial to somebody else.
        let dial = page.list(TEMPLATES).await;
        page.open(&query).await;
        page.wait_for(30, "#page[data-depth=\"38\"][data-cardinality=\"6\"]").await;
        assert_eq!(page.list(TEMPLATES).await, dial);
        assert!(page.notices().await.is_empty());
    });
}

#[test]
fn an_impossible_value_explains_itself() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        open(page).await;
        for (field, number, near) in [
            ("#depth-typed", "30", "29 and 38"),
            ("#groups-typed", "48", "40 and 61"),
            ("#width-typed", "5000", "4096"),
        ] {
            type_number(page, field, number).await;
            page.wait(10, format_args!("document.getElementById('impossible').innerText.includes('{near}')")).await;
            assert_eq!(page.attribute(field, "aria-invalid").await, "true");
            println!("{}", page.text("document.getElementById('impossible').innerText").await);
        }
        assert_eq!(page.attribute("#page", "data-cardinality").await, "8");
        assert_eq!(page.attribute("#page", "data-depth").await, "20");
        type_number(page, "#width-typed", "8").await;
        page.wait(10, "document.getElementById('impossible').innerText === ''").await;
    });
}
