//! A large network from its host: through the menu, as PyTorch computes it, in little memory, and again without a network.

use std::path::PathBuf;

use cardinal::plan::PlanKind;

use crate::common::compare::{compare, demand};
use crate::common::fixture::Fixture;
use crate::common::network::tolerance;
use crate::files::{made, name, ours};
use crate::hosts::hub::{COMMIT, Hub};
use crate::menu::{ID, REPOSITORY, hub, row};
use crate::visit::{Page, Visit, has_words};

/// Bytes of WASM memory at its largest: it never shrinks.
const MOST_MEMORY: f64 = 64.0 * 1024.0 * 1024.0;
const MEMORY: &str = "
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const make = WebAssembly[name];
        WebAssembly[name] = async (...args) => {
            const made = await make.apply(WebAssembly, args);
            self.wasmMemory = (made.instance ?? made).exports.memory;
            return made;
        };
    }
";
const TITLE: &str = "ResNeXt-50 32×4d";

/// The fixture's picture as a file that loses nothing.
fn picture(fixture: &Fixture<'_>, image: &[u8]) -> PathBuf {
    let shape = fixture.shape("image").expect("an image");
    let picture = image::RgbImage::from_raw(shape[1] as u32, shape[0] as u32, image.to_vec()).expect("it fits");
    let file = made("picture.png", b"");
    picture.save(&file).expect("it can be written");
    file
}

/// The page's logits for the fixture's picture, the same as PyTorch's: decoder, transform, weights, kernels.
async fn equal_pytorchs(page: &Page) -> Vec<f32> {
    let bytes = std::fs::read(ours("tests/data/page/resnext50_32x4d_picture.safetensors")).expect("a fixture");
    let fixture = Fixture::parse(&bytes);
    let file = picture(&fixture, &fixture.u8("image").expect("an image"));
    page.drop_file(&file).await;
    let logits = page.logits(name(&file)).await;
    let expected = fixture.f64("logits64").expect("logits");
    let outcome = compare("logits on the page", &logits, &expected, tolerance(PlanKind::Fused.into()));
    if let Ok(deviation) = &outcome {
        println!("logits on the page: {deviation}");
    }
    demand([outcome]);
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    assert_eq!(order[..5], fixture.numbers("top5"));
    logits
}

/// The worker's WASM memory after loading.
async fn is_modest(page: &Page, what: &str) {
    let memory = page.number_in_worker("wasmMemory.buffer.byteLength").await;
    println!("{what}: {:.1} MB of WASM memory", memory / 1e6);
    assert!(memory <= MOST_MEMORY, "{what}: {memory} bytes of WASM memory, {MOST_MEMORY} allowed");
}

async fn provenance_is_whole(page: &Page) {
    let hash = page.provenance("SHA-256").await;
    assert!(hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{hash}");
    assert_eq!(page.provenance("Bytes").await.replace(',', ""), crate::weights::resnext50_bytes().to_string());
    assert!(page.provenance("File").await.contains(REPOSITORY));
    assert!(page.provenance("Licence").await.to_lowercase().contains("bsd-3-clause"));
    // timm's test fields: the plain ones say 176 of 201.
    let preparation = page.provenance("Preprocessing").await;
    assert!(preparation.contains("to 232 pixels (bilinear") && preparation.contains("224×224"), "{preparation}");
    for known in ["Source", "Recipe", "Accuracy, published"] {
        let words = page.provenance(known).await;
        assert!(words.len() > 5 && words != "not stated", "{known}: {words}");
    }
}

/// The requests of one download, in the order in which they must come.
fn one_download(hub: &Hub) {
    let asked: Vec<String> = hub
        .asked()
        .into_iter()
        .map(|asked| format!("{} {} {:?}", if asked.cdn { "cdn" } else { "host" }, asked.path, asked.from))
        .collect();
    let file = |name: &str| format!("/{REPOSITORY}/resolve/{COMMIT}/{name} None");
    let expected = [
        format!("host /api/models/{REPOSITORY}/revision/main None"),
        format!("host {}", file("model.safetensors")),
        format!("cdn {}", file("model.safetensors")),
        format!("host {}", file("config.json")),
    ];
    assert_eq!(asked, expected);
}

#[test]
fn resnext50_comes_through_the_menu_and_again_without_a_network() {
    let hub = hub();
    let visit =
        Visit::with_hub(&hub, "&backend=webgpu").tuned().answers_only().worker_script(MEMORY).forgives("net::ERR_");
    visit.run(async |page| {
        page.answer_to("Kitten").await;
        page.open_menu().await;
        let words = page.row_words(ID).await;
        println!("{words}");
        let facts =
            [TITLE, "25.0 M parameters", "100 MB download", "81.19 % correct", "BSD-3-Clause", "Download 100 MB"];
        has_words(&words, &facts);
        assert_eq!(hub.asked(), [], "asked for before anybody wanted it");
        page.click(&format!("{} .use", row(ID))).await;
        page.turned_to(ID).await;
        one_download(&hub);
        let logits = equal_pytorchs(page).await;
        is_modest(page, "from the host").await;
        provenance_is_whole(page).await;
        let on_gpu: f64 = page.attribute("#memory", "data-bytes").await.parse().expect("bytes");
        assert!((100e6..300e6).contains(&on_gpu), "{on_gpu} bytes on the GPU");
        page.open_menu().await;
        page.wait_for(5, &format!("{}[data-kept=whole]", row(ID))).await;

        let asleep = page.server.sleep();
        hub.behave(crate::hosts::hub::Manner::Offline);
        page.open(&format!("?model={ID}&depth=50&cardinality=32&hub={}&runs=3&backend=webgpu", hub.host)).await;
        page.turned_to(ID).await;
        assert_eq!(page.notices().await, [""; 0], "the first network has no such depth, this one has");
        let again = equal_pytorchs(page).await;
        assert_eq!(again, logits);
        is_modest(page, "from the cache, without a network").await;
        provenance_is_whole(page).await;
        drop(asleep);

        page.open_menu().await;
        let words = page.row_words(ID).await;
        assert!(words.contains("kept, 100 MB"), "{words}");
        page.click(&format!("{} .remove", row(ID))).await;
        page.wait_for(5, &format!("{}:not([data-kept])", row(ID))).await;
        let words = page.row_words(ID).await;
        assert!(words.contains("100 MB download") && words.contains("Download 100 MB"), "{words}");
        // The network in use still works.
        page.script("document.getElementById('models').close()", vec![]).await;
        page.choose_file(&ours("assets/samples/kingfisher.jpg")).await;
        page.logits("kingfisher.jpg").await;
    });
}

#[test]
fn what_a_link_wishes_of_a_network_waits_for_it() {
    let hub = hub();
    Visit::with_hub(&hub, &format!("&model={ID}&depth=26&cardinality=1&weights=f16&backend=webgpu"))
        .tuned()
        .answers_only()
        .run(async |page| {
            assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
            let notices = page.notices().await;
            assert!(notices.len() == 1 && notices[0].contains("not downloaded yet"), "{notices:?}");
            assert_eq!(page.attribute("#page", "data-cardinality").await, "8");
            page.take(ID).await;
            page.turned_to(ID).await;
            page.wait_for(5, "#page[data-depth=\"26\"][data-cardinality=\"1\"][data-weights=f16]").await;
        });
}
