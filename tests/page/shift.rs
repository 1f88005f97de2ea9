//! Nothing jumps: how far the page's parts move while it is used, as the browser counts it (layout shift).

use crate::files::ours;
use crate::visit::{DESKTOP, PHONE, Page, Visit};

/// The bar of all that a visit does, by the browser's layout shift score. What follows a click within half a second counts too,
/// though browsers forgive that.
const BAR: f64 = 0.02;

/// Keeps every shift, with what moved.
const WATCH: &str = "
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
            const moved = sources.map(({ node, previousRect: a, currentRect: b }) => {
                const name = node?.id || node?.parentElement?.id || node?.nodeName;
                return `${name} ${a.x},${a.y} ${a.width}x${a.height} to ${b.x},${b.y} ${b.width}x${b.height}`;
            });
            shifts.push({ value, moved });
        }
    }).observe({ type: 'layout-shift', buffered: true });
";

/// The score since the last call.
async fn score(page: &Page, what: &str) -> f64 {
    let list = "shifts.splice(0), ({ value, moved }) => `${value.toFixed(4)}: ${moved.join('; ')}`";
    let shifts = page.list(list).await;
    let score: f64 = shifts.iter().filter_map(|line| line.split_once(':')?.0.parse::<f64>().ok()).sum();
    println!("{what}: {score:.4}");
    for shift in shifts {
        println!("    {shift}");
    }
    score
}

async fn use_everything(page: &Page) -> f64 {
    page.ready().await;
    let mut all = score(page, "to the first answer").await;
    for cardinality in [1, 2, 4, 16, 32, 8] {
        page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
        page.wait_for(30, &format!("#page[data-state=ready][data-cardinality=\"{cardinality}\"]")).await;
    }
    all += score(page, "every stop").await;
    let names = page.list("document.querySelectorAll('[data-sample]'), (one) => one.dataset.sample").await;
    let photographs = names.iter().filter(|name| !name.contains('/')).take(10);
    for photograph in photographs {
        let file = ours(&format!("assets/samples/{photograph}"));
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        page.drop_file(&file).await;
        page.answer_to(&name).await;
    }
    all += score(page, "ten pictures").await;
    page.script("document.getElementById('measure').scrollIntoView({ block: 'center' })", vec![]).await;
    page.click("#measure").await;
    page.wait_for(60, "#measuring[data-state=done]").await;
    all += score(page, "accuracy").await;
    page.take("imagenet").await;
    page.wait_for(60, "#page[data-state=ready][data-model=imagenet]").await;
    all += score(page, "another network").await;
    page.take("cifar10").await;
    page.wait_for(60, "#page[data-state=ready][data-model=cifar10]").await;
    all + score(page, "the first network").await
}

fn stands_still(size: (u32, u32)) {
    Visit::new("?runs=3&backend=cpu").script(WATCH).run(async |page| {
        page.look(size, "light").await;
        page.open("?runs=3&backend=cpu").await;
        let score = use_everything(page).await;
        println!("{size:?}: {score:.4} in all (bar {BAR})");
        assert!(score <= BAR, "{score:.4}, over the bar of {BAR}");
    });
}

#[test]
fn nothing_jumps_on_a_desktop() {
    stands_still(DESKTOP);
}

#[test]
fn nothing_jumps_on_a_phone() {
    stands_still(PHONE);
}
