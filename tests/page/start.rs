//! A page that cannot start says so in words, where the visitor looks.

use std::time::Duration;

use serde_json::json;

use crate::browser::given;
use crate::hosts::server::Spoilt;
use crate::visit::{Page, Visit, has_words};

/// Nothing is kept from one visit to the next.
const NOTHING_KEPT: &str = "delete Navigator.prototype.serviceWorker;";

fn is_wasm(path: &str) -> bool {
    path.contains("cardinal-page") && path.ends_with(".wasm")
}

fn is_workers_wasm(path: &str) -> bool {
    path.contains("cardinal-worker") && path.ends_with(".wasm")
}

fn is_weights(path: &str) -> bool {
    path.ends_with(".safetensors")
}

fn is_script(path: &str) -> bool {
    path.contains("cardinal-page") && path.ends_with(".js")
}

/// A visit that is told on the console as well what the test did to it.
fn troubled() -> Visit {
    Visit::new("?backend=cpu&runs=3").answers_only().script(NOTHING_KEPT).forgives("")
}

/// Waits for the message, and holds that it can be read.
async fn says(page: &Page, kind: &str, wanted: &[&str]) {
    page.wait_for(10, &format!("#start[data-kind={kind}]")).await;
    let text = page.text("document.getElementById('start').innerText").await;
    println!("{kind}: {text}");
    has_words(&text, wanted);
    assert_eq!(page.attribute("#start", "role").await, "alert");
    let seen = "const box = document.getElementById('start').getBoundingClientRect();
        return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).id";
    assert_eq!(page.script(seen, vec![]).await, "start", "something lies over it");
}

#[test]
fn missing_wasm_is_told() {
    troubled().run(async |page| {
        page.server.spoil(is_wasm, Spoilt::Missing);
        page.open("?backend=cpu").await;
        says(page, "load", &["could not start", "404", "reload the page"]).await;
    });
}

#[test]
fn missing_javascript_is_told() {
    troubled().run(async |page| {
        page.server.spoil(is_script, Spoilt::Missing);
        page.open("?backend=cpu").await;
        says(page, "load", &["could not start", "its JavaScript", "reload the page"]).await;
    });
}

#[test]
fn blocked_wasm_is_told() {
    troubled().run(async |page| {
        page.tab.command("Network.setBlockedURLs", json!({ "urls": ["*cardinal-page*.wasm"] })).await;
        page.open("?backend=cpu").await;
        says(page, "load", &["could not start", "Failed to fetch", "an extension"]).await;
    });
}

#[test]
fn a_browser_without_webassembly_is_told_so() {
    troubled().script("delete self.WebAssembly;").run(async |page| {
        says(page, "browser", &["needs WebAssembly", "Chrome, Edge, Firefox or Safari"]).await;
    });
}

#[test]
fn an_error_before_the_page_is_drawn_is_told() {
    troubled().script("Object.defineProperty(Document.prototype, 'body', { get: () => null });").run(async |page| {
        says(page, "error", &["could not start", "an error stopped it", "Reload the page"]).await;
    });
}

#[test]
fn a_slow_start_is_told_until_the_page_is_drawn() {
    troubled().run(async |page| {
        page.server.spoil(is_wasm, Spoilt::Late(Duration::from_secs(5)));
        // Its files are part of what `open` waits for.
        page.tab.command("Page.navigate", json!({ "url": page.server.address })).await;
        says(page, "slow", &["Still loading", "is slow"]).await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        assert_eq!(page.text("document.getElementById('start')").await, "null");
    });
}

#[test]
fn a_page_from_a_file_says_what_to_do() {
    troubled().run(async |page| {
        page.tab.go(&format!("file://{}/index.html", given("CARDINAL_DIST").display())).await;
        says(page, "file", &["cannot run from a file", "http", "cargo xtask serve"]).await;
        // Its requests are for files.
        page.requests();
    });
}

/// Before the program is there: the name, the question and the drawing of the network that the page begins with, and nothing of
/// it is left afterwards.
#[test]
fn the_frame_stands_until_the_program_is_there() {
    Visit::new("?backend=cpu&runs=3").answers_only().script(NOTHING_KEPT).run(async |page| {
        page.server.spoil(is_wasm, Spoilt::Late(Duration::from_secs(2)));
        // Its files are part of what `open` waits for.
        page.tab.command("Page.navigate", json!({ "url": page.server.address })).await;
        page.wait_for(10, "#first svg .gr").await;
        let seen = "['h1', 'h2', 'svg .gr', 'svg text'].every((css) => document.querySelector(`#first ${css}`).checkVisibility())";
        assert_eq!(page.text(seen).await, "true");
        let texts = |css: &str| format!("[...document.querySelectorAll('{css} text')].map((one) => one.textContent).join(' ')");
        let shown_first = page.text(&texts("#first svg")).await;
        println!("{shown_first}");
        page.ready().await;
        assert_eq!(page.text("document.getElementById('first') === null").await, "true");
        assert_eq!(page.text(&texts("#drawing .texts")).await, shown_first);
    });
}

/// The page does not wait for its worker: the network is drawn and can be looked at while the worker's program is on its way.
#[test]
fn the_network_is_drawn_before_the_workers_program_is_there() {
    Visit::new("?backend=cpu&runs=3").answers_only().script(NOTHING_KEPT).run(async |page| {
        page.server.spoil(is_workers_wasm, Spoilt::Late(Duration::from_secs(3)));
        // Its files are part of what `open` waits for.
        page.tab.command("Page.navigate", json!({ "url": page.server.address })).await;
        page.wait(10, "document.querySelector('#drawing .part') && !document.getElementById('first')").await;
        page.click("[data-part=\"layer2.1\"]").await;
        page.wait_for(2, "[data-part=\"layer2.1\"][aria-pressed=true]").await;
        let is_there = "performance.getEntriesByType('resource').some((one) => one.name.includes('cardinal-worker') && one.name.endsWith('.wasm'))";
        assert_eq!(page.text(is_there).await, "false", "the worker's program was there, so this shows nothing");
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    });
}

/// What the first answer needs comes first. Whatever else there is (other networks, test pictures, names of classes, what trains,
/// what reads PyTorch's files) is asked for when the answer is there.
#[test]
fn what_the_answer_does_not_need_is_fetched_after_it() {
    // It begins elsewhere, so that nothing of the page is there yet.
    Visit::new("manifest.webmanifest?").answers_only().forgives("favicon").run(async |page| {
        page.server.spoil(is_weights, Spoilt::Late(Duration::from_secs(3)));
        page.requests();
        page.open("?backend=cpu&runs=3").await;
        page.wait_for(10, "#drawing .part").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_ne!(
            page.attribute("#answer", "data-state").await,
            "fresh",
            "it came too soon for this to show anything"
        );
        let mut before = page.requests();
        // Where it begins, the browser asks for an icon.
        before.retain(|url| url.starts_with(&page.server.address));
        // The program, then what it answers with, and the small pictures that are on the screen.
        let (program, rest) = before.split_at(6);
        let is_program = |url: &String| url.contains("cardinal-page") || url.contains("worker") || url.contains("/?");
        assert!(program.iter().all(is_program), "{program:#?}");
        let needed =
            ["cardinal-worker", "samples/kitten.jpg", "8x8d_cifar10_f16", "samples/thumbs/", "samples/cifar10/"];
        let unneeded: Vec<&String> = rest.iter().filter(|url| !needed.iter().any(|name| url.contains(name))).collect();
        assert!(unneeded.is_empty(), "{unneeded:#?}");
        page.server.spoil(|_| false, Spoilt::Missing);
        page.answer_to("Kitten").await;
        page.wait_for(60, "#offline[data-state=whole]").await;
        let after = page.requests();
        for name in ["imagenet.txt", "1x41d", "32x2d", "test/cifar10.png", "cardinal-torch", "samples/rocket.jpg"] {
            assert!(
                after.iter().any(|url| url.contains(name)),
                "{name} was not seen, so the log of requests misses some"
            );
        }
    });
}
