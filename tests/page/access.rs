//! axe-core, the accessibility engine, on every state of the page; and the page's width on a phone.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::browser::given;
use crate::files::{made, ours};
use crate::visit::{DESKTOP, PHONE, Page, Visit};
use crate::without::NO_WEBGPU;

/// Weights that do not come, without the line on the console that a real failure of the network leaves.
const NO_WEIGHTS: &str = "
    const fetched = window.fetch;
    window.fetch = (...args) => String(args[0].url ?? args[0]).includes('.safetensors')
        ? Promise.resolve(new Response('', { status: 503 })) : fetched(...args);
";

/// Looks at the page as it stands, at both sizes and in both colour schemes.
async fn everyone_can_use(page: &Page, state: &str) {
    let axe = fs::read_to_string(given("CARDINAL_AXE")).expect("axe-core's script");
    page.script(&axe, vec![]).await;
    let mut papers = Vec::new();
    for size in [DESKTOP, PHONE] {
        for scheme in ["light", "dark"] {
            page.look(size, scheme).await;
            // Colours move for 150 ms.
            tokio::time::sleep(Duration::from_millis(400)).await;
            papers.push(page.text("getComputedStyle(document.body).backgroundColor").await);
            let report = page.script("return axe.run(document, { resultTypes: ['violations'] })", vec![]).await;
            let passes = report["passes"].as_array().map_or(0, Vec::len);
            let violations = report["violations"].as_array().unwrap_or_else(|| panic!("{report}"));
            let found: Vec<String> = violations.iter().map(violation).collect();
            let wide = page.number("document.documentElement.scrollWidth").await;
            println!("{state}, {size:?}, {scheme}: {passes} rules passed, {wide} px wide, violations: {found:#?}");
            assert!(passes > 10, "axe looked at next to nothing: {report}");
            let serious = |found: &&String| found.starts_with("serious") || found.starts_with("critical");
            assert_eq!(found.iter().filter(serious).count(), 0, "{found:#?}");
            assert!(wide <= f64::from(size.0), "{state}: {wide} px in a window of {}", size.0);
        }
    }
    assert!(papers[0] != papers[1] && papers[0] == papers[2], "light and dark look alike: {papers:?}");
}

/// `serious: color-contrast (#top li): …`
fn violation(violation: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let nodes: Vec<String> =
        nodes.map(|node| format!("{}: {}", node["target"], text(&node["failureSummary"]))).collect();
    format!("{}: {} {nodes:#?}", text(&violation["impact"]), text(&violation["id"]))
}

#[test]
fn ready() {
    Visit::new("?runs=3").run(async |page| {
        page.ready().await;
        page.click("#table summary").await;
        // Long names are where lines do not break.
        let notes = format!("{}.txt", "notes_of_a_long_journey_".repeat(4));
        page.drop_file(&made(&notes, b"no picture")).await;
        page.wait_for(20, "#notices .notice").await;
        everyone_can_use(page, "ready, with a message").await;
    });
}

#[test]
fn files_with_long_names() {
    Visit::new("?runs=3").run(async |page| {
        let long = |what: &str, end: &str| format!("{}.{end}", what.repeat(6));
        let network = fs::read(ours("tests/data/golden/models/tiny_cifar3.weights.safetensors")).expect("weights");
        let picture = fs::read(ours("assets/samples/cifar10/frog.png")).expect("a sample");
        page.drop_file(&made(&long("Photograph-", "png"), &picture)).await;
        page.answer_to(&long("Photograph-", "png")).await;
        page.drop_file(&made(&long("experiment-", "safetensors"), &network)).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready] #top").await;
        everyone_can_use(page, "a network from a file").await;
    });
}

/// With mistakes shown and cells dark; the rest of the pictures would add more of the same.
#[test]
fn accuracy() {
    Visit::new("?runs=3").run(async |page| {
        page.ready().await;
        page.click("#measure").await;
        page.wait(120, "document.querySelectorAll('#mistakes button').length >= 2").await;
        page.click("#measure").await;
        page.wait_for(30, "#measuring[data-state=stopped]").await;
        page.ready().await;
        everyone_can_use(page, "accuracy of some pictures").await;
    });
}

#[test]
fn menu() {
    Visit::new("?runs=3").run(async |page| {
        page.ready().await;
        page.click("#model").await;
        page.wait_for(5, "#models[open]").await;
        everyone_can_use(page, "the list of networks").await;
    });
}

#[test]
fn untrained() {
    Visit::new("?runs=3&cardinality=4").run(async |page| {
        page.ready().await;
        everyone_can_use(page, "untrained").await;
    });
}

#[test]
fn failed() {
    Visit::new("").script(NO_WEIGHTS).run(async |page| {
        page.wait_for(30, "#page[data-state=\"failed\"]").await;
        let words = page.text("document.querySelector('#answer .words').innerText").await;
        assert!(words.contains("could not be fetched") && words.contains("503"), "{words}");
        everyone_can_use(page, "failed").await;
    });
}

#[test]
fn without_webgpu() {
    Visit::new("?backend=webgpu").script(NO_WEBGPU).run(async |page| {
        page.wait_for(30, "#answer[data-state=\"no-webgpu\"]").await;
        page.wait_for(30, "#picture[data-picture=\"Kitten\"] img").await;
        everyone_can_use(page, "no WebGPU").await;
    });
}
