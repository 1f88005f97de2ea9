//! Files that cannot be used: each has its message, and the last answer stays.

use std::path::PathBuf;

use crate::files::{made, name, ours};
use crate::visit::Visit;

const SHIPPED: &str = "assets/models/resnext20_8x8d_cifar10_f16.safetensors";

/// The file, and what its message must say beside the file's name.
fn bad_files() -> Vec<(PathBuf, &'static str)> {
    let weights = std::fs::read(ours(SHIPPED)).expect("the shipped weights");
    let broken = |name: &str| ours(&format!("tests/data/preprocess/broken/{name}"));
    let kitten = std::fs::read(ours("assets/samples/kitten.jpg")).expect("a sample");
    vec![
        (made("notes.txt", b"Dear diary, this is no picture."), "read as a list of class names, it has 1 name,"),
        (made("notes.md", b"Dear diary, this is no picture."), "is not a picture"),
        (broken("text.jpg"), "is not a picture"),
        (broken("empty.jpg"), "0 bytes"),
        (broken("claims_100_megapixels.png"), "100 megapixels"),
        (broken("header_only.jpg"), "damaged"),
        (made("half.jpg", &kitten[..kitten.len() / 2]), "damaged"),
        (broken("truncated.jpg"), "damaged"),
        (broken("truncated.png"), "damaged"),
        (broken("zero_width.png"), "no pixels"),
        (broken("picture.tiff"), "TIFF files are not read here"),
        (made("empty.safetensors", b""), "0 bytes"),
        (made("half.safetensors", &weights[..weights.len() / 2]), "cut off"),
        (made("noise.safetensors", b"neither header nor tensors, only words"), "safetensors"),
        (made("model.pth", b"PK\x03\x04 a zip as torch.save writes it"), "the zip archive is cut off"),
        (ours("tests/data/golden/units/linear_64_10_n3.safetensors"), "not the weights of a ResNeXt"),
    ]
}

#[test]
fn bad_files_are_refused_in_words_and_the_answer_stays() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        let answer = page.answer_to("Kitten").await;
        for (file, words) in bad_files() {
            page.drop_file(&file).await;
            page.wait_for(20, "#notices .notice").await;
            let notices = page.notices().await;
            println!("{}: {notices:?}", name(&file));
            assert_eq!(notices.len(), 1, "{}", name(&file));
            assert!(notices[0].contains(name(&file)), "which file? {notices:?}");
            assert!(notices[0].contains(words), "{}: `{words}` not in {notices:?}", name(&file));
            assert_eq!(page.attribute("#notices .notice", "role").await, "alert");
            assert_eq!(page.answer_to("Kitten").await, answer, "{}", name(&file));
            assert_eq!(page.attribute("#page", "data-model").await, "cifar10", "{}", name(&file));
            page.click("#notices .notice button").await;
            page.wait(5, "!document.querySelector('#notices .notice')").await;
        }
        // Not only what is shown: the next picture is answered too.
        page.drop_file(&ours("assets/samples/kingfisher.jpg")).await;
        assert_eq!(page.answer_to("kingfisher.jpg").await[0].0, "bird");
    });
}

#[test]
fn good_weights_become_a_network() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        let shipped = page.answer_to("Kitten").await;
        for (file, channels) in [
            ("tests/data/golden/models/tiny_cifar3.weights.safetensors", "3→"),
            ("tests/data/golden/models/tiny_gray.weights.safetensors", "1→"),
            // PyTorch's own files.
            ("tests/data/pth/2.15/checkpoint.pth", "3→"),
            ("tests/data/pth/1.13/legacy.pth", "3→"),
        ] {
            page.drop_file(&ours(file)).await;
            page.wait(
                60,
                format_args!(
                    "document.querySelector('#model').innerText === '{}' && \
                 document.querySelector('#answer').dataset.state === 'fresh'",
                    name(&ours(file))
                ),
            )
            .await;
            page.ready().await;
            assert_eq!(page.attribute("#page", "data-model").await, "file");
            let stem = page.attribute("#drawing .part[data-part=stem]", "data-channels").await;
            assert!(stem.starts_with(channels), "{file}: {stem}");
            let top = page.top().await;
            println!("{}: {top:?}", name(&ours(file)));
            assert!(top.iter().all(|(label, _)| label.starts_with("class ")), "{top:?}");
            // These files do not say their strides, and the page says so: no error.
            let notices = page.notices().await;
            assert!(notices.iter().all(|notice| notice.contains("guess")), "{notices:?}");
        }
        // The shipped file, brought along by hand, answers as it does by itself.
        page.choose_file(&ours(SHIPPED)).await;
        page.wait_for(60, "#top li[data-label=cat]").await;
        assert_eq!(page.answer_to("Kitten").await, shipped);
        assert_eq!(page.attribute("#page", "data-model").await, "file");
    });
}
