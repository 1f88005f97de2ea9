//! axe-core, the accessibility engine, on every state of the page; and the page's width on a phone.

use std::fs;

use serde_json::{Value, json};

use crate::browser::given;
use crate::files::{made, ours};
use crate::lab_results;
use crate::race;
use crate::teach;
use crate::visit::{DESKTOP, PHONE, Page, Visit};
use crate::without::NO_WEBGPU;

/// Weights that do not come, without the line on the console that a real failure of the network leaves.
const NO_WEIGHTS: &str = "
    const fetched = self.fetch;
    self.fetch = (...args) => String(args[0].url ?? args[0]).includes('.safetensors')
        ? Promise.resolve(new Response('', { status: 503 })) : fetched(...args);
";

/// Where everything that is shown lies. Of two looks at a state that differ in colours alone it is the same.
const PLACES: &str =
    "[...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility()).map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [element.tagName, x, y, width, height].join(' ');
}).join('; ')";

/// Looks at the page as it stands, at both sizes and in both colour schemes. Dark differs from light in colours alone, which
/// is made sure of; so the rules that look at no colour run once for a size.
async fn everyone_can_use(page: &Page, state: &str) {
    if page.text("typeof axe").await == "undefined" {
        let axe = fs::read_to_string(given("CARDINAL_AXE")).expect("axe-core's script");
        page.script(&axe, vec![]).await;
    }
    // Cores are measured, with another answer where that changes them, and then the chart is filled, one stop after the other.
    let settled = "!['running', 'loading'].includes(document.getElementById('page')?.dataset.state) \
        && !document.getElementById('state')?.innerText.includes('timing the other')";
    page.wait(90, settled).await;
    // An answer that is no longer true is grey until the next has come.
    page.wait(30, "document.getElementById('answer')?.dataset.state !== 'stale'").await;
    let mut papers = Vec::new();
    for size in [DESKTOP, PHONE] {
        let mut light = String::new();
        for scheme in ["light", "dark"] {
            page.look(size, scheme).await;
            // A canvas is redrawn in the frame after.
            page.wait(5, "document.getAnimations().length === 0").await;
            papers.push(page.text("getComputedStyle(document.body).backgroundColor").await);
            let (rules, least) = if scheme == "light" {
                (json!({ "resultTypes": ["violations"] }), 10)
            } else {
                let places = page.text(PLACES).await;
                let moved: Vec<_> = light.split("; ").zip(places.split("; ")).filter(|(a, b)| a != b).take(5).collect();
                assert!(
                    places == light,
                    "{state}: in the dark it does not only look otherwise, it lies otherwise: {moved:?}"
                );
                (json!({ "resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"] }), 0)
            };
            let report = page.script("return axe.run(document, arguments[0])", vec![rules]).await;
            if scheme == "light" {
                light = page.text(PLACES).await;
            }
            let passes = report["passes"].as_array().map_or(0, Vec::len);
            let violations = report["violations"].as_array().unwrap_or_else(|| panic!("{report}"));
            let found: Vec<String> = violations.iter().map(violation).collect();
            let wide = page.number("document.documentElement.scrollWidth").await;
            println!("{state}, {size:?}, {scheme}: {passes} rules passed, {wide} px wide, violations: {found:#?}");
            assert!(passes > least, "axe looked at next to nothing: {report}");
            let serious = |found: &&String| found.starts_with("serious") || found.starts_with("critical");
            assert_eq!(found.iter().filter(serious).count(), 0, "{found:#?}");
            assert!(wide <= f64::from(size.0), "{state}: {wide} px in a window of {}", size.0);
        }
    }
    assert!(papers[0] != papers[1] && papers[0] == papers[2], "light and dark look alike: {papers:?}");
    page.look(DESKTOP, "light").await;
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
fn everyone_can_use_the_laboratory() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        for (name, result) in [("mine.json", lab_results::mine()), ("theirs.json", lab_results::theirs())] {
            page.drop_file(&made(name, result.json().as_bytes())).await;
            page.wait(
                10,
                format_args!("document.getElementById('result-told')?.innerText.includes('{}')", result.adapter),
            )
            .await;
        }
        page.wait_for(10, "#stops-over").await;
        everyone_can_use(page, "two results in the laboratory").await;
    });
}

/// One state after the other.
#[test]
fn everyone_can_use_what_works() {
    Visit::new("?runs=3&backend=cpu").run(async |page| {
        page.ready().await;
        page.click("#model").await;
        page.wait_for(5, "#models[open]").await;
        everyone_can_use(page, "the list of networks").await;
        page.script("document.getElementById('models').close()", vec![]).await;

        page.click("#table summary").await;
        // Long names are where lines do not break.
        let notes = format!("{}.txt", "notes_of_a_long_journey_".repeat(4));
        page.drop_file(&made(&notes, b"no picture")).await;
        page.wait_for(20, "#notices .notice").await;
        everyone_can_use(page, "ready, with a message").await;
        page.click("#notices .notice button").await;

        // With mistakes shown and cells dark; the rest of the pictures would add more of the same.
        page.click("#measure").await;
        page.wait(120, "document.querySelectorAll('#mistakes button').length >= 2").await;
        page.click("#measure").await;
        page.wait_for(30, "#measuring[data-state=stopped]").await;
        page.ready().await;
        everyone_can_use(page, "accuracy of some pictures").await;

        page.click("#cardinality [data-value=\"4\"]").await;
        page.wait_for(60, "#page[data-cardinality=\"4\"][data-state=ready]").await;
        assert_eq!(page.attribute("#answer", "data-state").await, "untrained");
        everyone_can_use(page, "untrained").await;

        let long = |what: &str, end: &str| format!("{}.{end}", what.repeat(6));
        let network = fs::read(ours("tests/data/golden/models/tiny_cifar3.weights.safetensors")).expect("weights");
        let picture = fs::read(ours("assets/samples/cifar10/frog.png")).expect("a sample");
        page.drop_file(&made(&long("experiment-", "safetensors"), &network)).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready] #top").await;
        page.drop_file(&made(&long("Photograph-", "png"), &picture)).await;
        page.answer_to(&long("Photograph-", "png")).await;
        everyone_can_use(page, "a network and a picture from files").await;
    });
}

#[test]
fn everyone_can_look_inside() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.ready().await;
        page.click("#top li:first-child .guess").await;
        page.wait_for(20, "#map[data-complete=true]").await;
        everyone_can_use(page, "a map over the picture").await;
        page.click("#map-close").await;
        page.click("#inside summary").await;
        page.wait_for(20, "#inside-body[data-state=fresh]").await;
        everyone_can_use(page, "one group at work").await;
        page.click("[data-part=\"stem\"]").await;
        page.wait_for(20, "#inside-body[data-state=fresh][data-layer=conv1]").await;
        everyone_can_use(page, "the stem's filters").await;
    });
}

/// With times, since the rows of the dispatches are measured.
#[test]
fn everyone_can_use_the_panels_and_the_walk() {
    Visit::new("?backend=cpu&runs=3&open=forms,dispatches,laboratory").run(async |page| {
        page.wait_for(60, ".forms[data-state=fresh] tbody").await;
        page.wait_for(60, "#dispatches tbody tr").await;
        page.wait_for(20, "#laboratory tbody tr").await;
        everyone_can_use(page, "forms, dispatches and laboratory").await;
        page.open("?walk=6&backend=cpu&runs=3").await;
        page.wait_for(20, "#map[data-complete=true]").await;
        page.wait_for(10, "[data-walk]").await;
        everyone_can_use(page, "the walk's last step").await;
        page.click("#walk nav > a:first-of-type").await;
        page.wait_for(60, "#walk[data-step=\"5\"]").await;
        page.wait_for(60, "#dispatches tbody tr").await;
        everyone_can_use(page, "the walk's step before").await;
    });
}

#[test]
fn everyone_can_teach() {
    Visit::new("?backend=cpu&runs=3&open=teach").answers_only().run(async |page| {
        page.ready().await;
        page.wait_for(10, "#teach [data-class]").await;
        everyone_can_use(page, "nothing is taught").await;
        page.teach(&[0, 1], 4).await;
        page.give(0, &[made("in_the_wrong_class.png", &teach::picture(1, 77)), made("notes.json", b"{}")]).await;
        page.wait_for(30, "#teach-wrong li").await;
        page.wait_for(10, "#teach-left-out li").await;
        page.wait_for(30, "#page[data-model=taught][data-state=ready] #answer[data-state=fresh]").await;
        page.click(".thumbs button").await;
        everyone_can_use(page, "a class with a picture of another").await;
    });
}

#[test]
fn everyone_can_follow_a_race() {
    let shapes = race::shapes();
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        race::bring(page, &shapes).await;
        page.click("#race [data-do=go]").await;
        page.wait(60, "Number(document.querySelector('#race-controls progress').value) >= 10").await;
        page.click("#race [data-do=pause]").await;
        race::stage(page, 20, "paused").await;
        everyone_can_use(page, "a race that rests").await;
        page.open("?backend=cpu&runs=3&open=race").await;
        page.wait_for(30, "#race-kept").await;
        everyone_can_use(page, "a race of an earlier visit").await;
    });
}

#[test]
fn everyone_can_use_a_moving_picture() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.tab.grant(&["videoCapture"]).await;
        page.ready().await;
        page.click("#camera").await;
        page.wait_for(20, ".frame video.on").await;
        page.wait(20, "document.getElementById('timing').innerText.includes('pictures/s')").await;
        page.click("#top li:first-child .guess").await;
        page.wait_for(20, "#map[data-complete=true]").await;
        // It stands still, so that two looks at it can be compared.
        page.script("document.querySelector('.frame video').pause()", vec![]).await;
        everyone_can_use(page, "a moving picture").await;
    });
}

#[test]
fn everyone_can_read_what_failed() {
    Visit::new("?backend=cpu").worker_script(NO_WEIGHTS).run(async |page| {
        page.wait_for(30, "#page[data-state=failed]").await;
        let said = "document.querySelector('#answer[data-state=failed] .words')?.innerText";
        page.wait(10, format_args!("['could not be fetched', '503'].every((words) => {said}?.includes(words))")).await;
        everyone_can_use(page, "failed").await;
    });
}

#[test]
fn everyone_can_read_that_there_is_no_webgpu() {
    Visit::new("?backend=webgpu").script(NO_WEBGPU).worker_script(NO_WEBGPU).run(async |page| {
        page.wait_for(30, "#answer[data-state=\"no-webgpu\"]").await;
        page.wait_for(30, "#picture[data-picture=\"Kitten\"] img").await;
        everyone_can_use(page, "no WebGPU").await;
    });
}

/// The frame and the message that stand where the program does not come.
#[test]
fn everyone_can_read_why_it_does_not_start() {
    Visit::new("?backend=cpu").answers_only().script("delete self.WebAssembly;").forgives("").run(async |page| {
        page.wait_for(10, "#start[data-kind=browser]").await;
        everyone_can_use(page, "it does not start").await;
    });
}
