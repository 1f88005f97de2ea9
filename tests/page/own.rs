//! Networks of the visitor's own, from an address or from disk.

use serde_json::{Value, json};

use crate::files::{name, ours};
use crate::hosts::hub::{CUT, Hub, Manner};
use crate::visit::{Page, Visit};
use crate::weights::fine_tune;

const SHIPPED: &str = "assets/models/resnext20_8x8d_cifar10_f16.safetensors";
const NAMES: [&str; 7] = ["daisy", "dandelion", "rose", "sunflower", "tulip", "nothing", "something else"];

/// Asks for a network at an address, as typed into the menu.
async fn fetch(page: &Page, url: &str) {
    page.open_menu().await;
    page.type_into("#weights-url", url).await;
    page.click("#models form button").await;
}

/// timm's description of a fine-tune.
fn config_json(labels: Option<Value>) -> String {
    let mut config = json!({
        "architecture": "resnext50_32x4d", "num_classes": NAMES.len(),
        "pretrained_cfg": { "input_size": [3, 32, 32], "test_input_size": [3, 40, 40], "crop_pct": 0.5, "test_crop_pct": 0.8,
            "interpolation": "bicubic", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "num_classes": 1000 },
    });
    if let Some(labels) = labels {
        config["label_names"] = labels;
    }
    config.to_string()
}

/// The labels shown once the page has turned to a network of this title.
async fn labels(page: &Page, title: &str) -> Vec<String> {
    let turned = format!("document.getElementById('model').innerText === '{title}'");
    page.wait(60, format_args!("{turned} && document.getElementById('answer').dataset.state === 'fresh'")).await;
    page.top().await.into_iter().map(|(label, _)| label).collect()
}

#[test]
fn a_fine_tune_shows_its_names_or_numbers() {
    let hub = Hub::open();
    hub.keep("me/flowers", fine_tune(7), Some(&config_json(Some(json!(NAMES)))));
    hub.keep("me/numbers", fine_tune(7), Some(&config_json(None)));
    hub.keep("me/bare", fine_tune(7), None);
    Visit::with_hub(&hub, "&backend=cpu").answers_only().forgives("404").run(async |page| {
        page.answer_to("Kitten").await;
        fetch(page, &hub.url("me/flowers")).await;
        page.turned_to("url").await;
        let named = labels(page, "model.safetensors").await;
        println!("{named:?}");
        assert!(named.len() == 5 && named.iter().all(|label| NAMES.contains(&label.as_str())), "{named:?}");
        let preparation = page.provenance("Preprocessing").await;
        for part in ["to 50 pixels (bicubic", "40×40", "minus the mean 0.5 0.5 0.5"] {
            assert!(preparation.contains(part), "`{part}` not in: {preparation}");
        }
        assert!(page.text("document.getElementById('classes').innerText").await.contains("sunflower"));

        fetch(page, &hub.url("me/numbers")).await;
        page.wait_for(30, "#top li[data-label^=class]").await;
        let numbered = labels(page, "model.safetensors").await;
        let expected: Vec<String> = named
            .iter()
            .map(|label| format!("class {}", NAMES.iter().position(|name| name == label).expect("one of them")))
            .collect();
        assert_eq!(numbered, expected);

        // Without a description the usual way of preparing pictures is taken.
        fetch(page, &hub.url("me/bare")).await;
        page.wait(30, "document.querySelector('#provenance').textContent.includes('224×224')").await;
        assert!(labels(page, "model.safetensors").await.iter().all(|label| label.starts_with("class ")));

        // From disk.
        let file = fine_tune(7);
        page.choose_in("#choose-weights", &file).await;
        let chosen = labels(page, name(&file)).await;
        assert!(chosen.iter().all(|label| label.starts_with("class ")), "{chosen:?}");
        assert_eq!(page.attribute("#page", "data-model").await, "file");
        assert!(page.provenance("File").await.contains("from your disk"));
    });
}

/// The shipped file at an address gives the right answer, however the host misbehaves.
async fn comes_right(page: &Page, hub: &Hub, repository: &str, manner: Manner) -> Vec<Option<u64>> {
    hub.behave(manner);
    hub.asked();
    fetch(page, &hub.url(repository)).await;
    let hash = crate::weights::sha256(&ours(SHIPPED));
    let shown = format!("document.querySelector('#provenance').textContent.includes('{repository}')");
    page.wait(60, format_args!("{shown} && document.querySelector('#provenance').textContent.includes('{hash}')"))
        .await;
    let top = labels(page, "model.safetensors").await;
    println!("{manner:?}: {top:?}");
    assert_eq!(top[0], "cat", "{manner:?}");
    hub.ranges()
}

#[test]
fn what_can_be_mended_is_mended() {
    let hub = Hub::open();
    let ways = ["honest", "cut", "rangeless", "gzip"].map(|way| format!("me/{way}"));
    for repository in &ways {
        hub.keep(repository, ours(SHIPPED), Some("{}"));
    }
    Visit::with_hub(&hub, "&backend=cpu")
        .answers_only()
        .forgives("ERR_CONTENT_LENGTH_MISMATCH")
        .forgives("ERR_EMPTY_RESPONSE")
        .run(async |page| {
            page.answer_to("Kitten").await;
            assert_eq!(comes_right(page, &hub, &ways[0], Manner::Honest).await, [None]);
            let bytes = ours(SHIPPED).metadata().expect("a file").len();
            let cut = (bytes as f64 * CUT) as u64;
            assert_eq!(comes_right(page, &hub, &ways[1], Manner::CutOnce).await, [None, Some(cut)]);
            assert_eq!(comes_right(page, &hub, &ways[2], Manner::CutOnceWithoutRanges).await.len(), 2);
            assert_eq!(comes_right(page, &hub, &ways[3], Manner::Gzip).await, [None]);
        });
}

#[test]
fn addresses_that_lead_nowhere_are_told_so() {
    let hub = Hub::open();
    hub.keep("me/page", ours("index.html"), None);
    hub.keep("me/noise", crate::files::made("noise.bin", &[7; 5000]), None);
    Visit::with_hub(&hub, "&backend=cpu").answers_only().forgives("404").run(async |page| {
        let answer = page.answer_to("Kitten").await;
        for (repository, words) in [("me/page", "web page"), ("me/noise", "safetensors"), ("me/nothing", "404")] {
            fetch(page, &hub.url(repository)).await;
            let text = page.failure().await;
            println!("{repository}: {text}");
            assert!(text.contains(words), "`{words}` not in: {text}");
            assert_eq!(page.answer_to("Kitten").await, answer);
            page.click("#arrival .notice .close").await;
        }
    });
}

/// A network from an address that was removed is downloaded again from that address, not from the host.
#[test]
fn a_removed_network_comes_back_from_its_address() {
    let hub = Hub::open();
    hub.keep("me/again", fine_tune(7), Some(&config_json(Some(json!(NAMES)))));
    Visit::with_hub(&hub, "&backend=cpu").answers_only().forgives("404").run(async |page| {
        page.answer_to("Kitten").await;
        fetch(page, &hub.url("me/again")).await;
        page.turned_to("url").await;
        let first = labels(page, "model.safetensors").await;
        page.open_menu().await;
        page.click("#models li[data-id=cifar10] .use").await;
        page.turned_to("cifar10").await;
        page.open_menu().await;
        page.click("#models li[data-id=url] .remove").await;
        page.wait_for(10, "#models li[data-id=url]:not([data-kept])").await;
        page.click("#models li[data-id=url] .use").await;
        page.turned_to("url").await;
        assert_eq!(labels(page, "model.safetensors").await, first);
    });
}
