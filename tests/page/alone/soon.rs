//! The first answer comes soon, and where its time goes.

use super::hold;
use crate::visit::{Page, Visit};

/// Milliseconds from the navigation to the first answer, the first time and once the browser has the page's files.
const COLD: f64 = 2500.0;
const WARM: f64 = 1000.0;

/// Sees when the page is drawn.
const SEES_DRAWN: &str = "
    new MutationObserver((_, observer) => {
        if (document.getElementById('page') && !document.getElementById('first')) {
            performance.mark('test.drawn');
            observer.disconnect();
        }
    }).observe(document, { childList: true, subtree: true });";
/// Sees when the worker's script begins and when its program says its first words.
const SEES_WORDS: &str = "
    const post = self.postMessage;
    self.began = performance.now();
    self.postMessage = (...words) => {
        self.spoke ??= performance.now();
        return post.apply(self, words);
    };";

/// The stations on the way to the first answer: each with its name, and milliseconds since the navigation.
async fn stations(page: &Page) -> Vec<(&'static str, f64)> {
    let mark =
        async |name: &str| page.number(&format!("performance.getEntriesByName('{name}')[0]?.startTime ?? -1")).await;
    let fetched = "performance.getEntriesByType('resource')";
    let file = async |name: &str| {
        page.number(&format!(
            "{fetched}.find((one) => one.name.includes('{name}') && one.name.endsWith('.wasm')).responseEnd"
        ))
        .await
    };
    let origin = page.number("performance.timeOrigin").await;
    let later = page.number_in_worker("performance.timeOrigin").await - origin;
    let in_worker = async |expression: &str| later + page.number_in_worker(expression).await;
    let weights = async |when: &str| {
        in_worker(&format!("{fetched}.find((one) => one.name.includes('.safetensors')).{when}")).await
    };
    vec![
        ("painted", mark("first-contentful-paint").await),
        ("page's wasm here", file("cardinal-page").await),
        ("page drawn", mark("test.drawn").await),
        ("worker's wasm here", file("cardinal-worker").await),
        ("worker begins", in_worker("began").await),
        ("worker speaks", in_worker("spoke").await),
        ("weights asked for", weights("startTime").await),
        ("weights here", weights("responseEnd").await),
        ("planned", mark("cardinal.planned").await),
        ("compiled", mark("cardinal.weights").await),
        ("answered", mark("cardinal.answered").await),
    ]
}

/// Prints the stations of a visit; milliseconds to its answer.
async fn answered(page: &Page, what: &str) -> f64 {
    page.answer_to("Kitten").await;
    let stations = stations(page).await;
    let words: Vec<String> = stations.iter().map(|(name, ms)| format!("{name} {ms:.0}")).collect();
    println!("{what}: {}", words.join(", "));
    stations.last().expect("there are some").1
}

#[test]
fn the_first_answer_comes_soon() {
    for (backend, [cold_name, warm_name]) in [
        ("", ["first answer, first visit", "first answer, second visit"]),
        ("&backend=cpu", ["first answer on the CPU, first visit", "first answer on the CPU, second visit"]),
        ("&backend=webgpu", ["first answer on WebGPU, first visit", "first answer on WebGPU, second visit"]),
    ] {
        let query = format!("?runs=3{backend}");
        hold(|| {
            let (mut cold, mut warm) = (0.0, f64::INFINITY);
            let visit = Visit::new(&query).tuned().answers_only().alone().script(SEES_DRAWN).worker_script(SEES_WORDS);
            visit.run(async |page| {
                cold = answered(page, cold_name).await;
                page.wait_for(60, "html[data-offline=kept]").await;
                page.ready().await;
                for _ in 0..3 {
                    page.open(&query).await;
                    warm = warm.min(answered(page, warm_name).await);
                }
            });
            vec![(cold_name, cold, COLD), (warm_name, warm, WARM)]
        });
    }
}
