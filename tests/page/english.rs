//! What a person reads and hears of the page, in its main states, has no phrase that was taken out.

use crate::common::retired::RETIRED;
use crate::files::{made, ours};
use crate::visit::{Page, Visit};
use crate::without::NO_WEBGPU;

/// Every text of the page, shown or in a closed part, and every text in an attribute.
const READ: &str = "[document.title, document.body.textContent,
    ...[...document.querySelectorAll('*')].flatMap((element) => ['title', 'aria-label', 'alt', 'placeholder']
        .map((name) => element.getAttribute(name))).filter(Boolean)].join('\\n')";

async fn reads_well(page: &Page, state: &str) {
    let text = page.text(READ).await;
    println!("{state}: {} characters", text.chars().count());
    assert!(text.contains("Cardinal") && text.chars().count() > 1000, "the page is not read: {text}");
    let left: Vec<_> = RETIRED.iter().filter(|phrase| text.contains(**phrase)).collect();
    assert!(left.is_empty(), "{state}: {left:?}");
}

#[test]
fn no_retired_phrase_is_read() {
    Visit::new("?runs=3&backend=cpu&colour=red").run(async |page| {
        page.wait_for(10, "#page").await;
        reads_well(page, "starting").await;
        page.ready().await;
        reads_well(page, "ready").await;
        page.open_menu().await;
        reads_well(page, "the list of networks").await;
        page.script("document.getElementById('models').close()", vec![]).await;
        page.script("document.querySelectorAll('details').forEach((details) => { details.open = true; })", vec![])
            .await;
        // What they show has come, so that nothing below them moves any more.
        page.wait_for(30, "#inside-body[data-state=fresh] #sum").await;
        page.wait_for(30, "#forms table tbody tr").await;
        page.idle().await;
        reads_well(page, "tables").await;
        // A message may lie over the button.
        page.dismiss_notices().await;
        page.click("#measure").await;
        page.wait(60, "document.querySelectorAll('#mistakes button').length >= 1").await;
        reads_well(page, "measuring accuracy").await;
        page.wait_for(90, "#measuring[data-state=done]").await;
        reads_well(page, "accuracy").await;
        page.click("#cardinality [data-value=\"4\"]").await;
        page.wait_for(60, "#page[data-cardinality=\"4\"][data-state=ready]").await;
        reads_well(page, "untrained").await;
        page.drop_file(&made("notes.txt", b"no picture")).await;
        page.wait_for(20, "#notices .notice").await;
        reads_well(page, "a message").await;
        page.drop_file(&ours("tests/data/golden/models/tiny_cifar3.weights.safetensors")).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready]").await;
        reads_well(page, "a network from disk").await;
    });
    Visit::new("?backend=webgpu").script(NO_WEBGPU).worker_script(NO_WEBGPU).run(async |page| {
        page.wait_for(30, "#answer[data-state=\"no-webgpu\"]").await;
        reads_well(page, "no WebGPU").await;
    });
    Visit::new("?runs=3&backend=webgpu").run(async |page| {
        page.ready().await;
        reads_well(page, "WebGPU").await;
    });
}
