//! Networks under other names, and what describes them: dropped together, one after the other, typed.

use std::path::{Path, PathBuf};

use safetensors::{SafeTensors, serialize};

use crate::files::{made, ours};
use crate::visit::{Page, Visit};

/// The field's small network under a prefix, beside a loss, without a description.
fn wrapped() -> PathBuf {
    let bytes = std::fs::read(ours("tests/data/field/checkpoints/twin.safetensors")).expect("a fixture");
    let file = SafeTensors::deserialize(&bytes).expect("fixtures are valid");
    let mut tensors: Vec<_> =
        file.tensors().into_iter().map(|(name, tensor)| (format!("module.{name}"), tensor)).collect();
    let loss = tensors.iter().find(|(name, _)| name == "module.fc.bias").expect("a head").1.clone();
    tensors.push(("criterion.weight".into(), loss));
    made("wrapped (1)", &serialize(tensors, None).expect("it can be written"))
}

fn config() -> PathBuf {
    ours("tests/data/field/checkpoints/beside/config.json")
}

/// Waits until the answer is that of a network that tells these names apart.
async fn answers_with(page: &Page, name: &str) {
    let fresh = "document.getElementById('answer').dataset.state === 'fresh'";
    let named = format!("[...document.querySelectorAll('#top li')].some(row => row.dataset.label === '{name}')");
    page.wait(60, format_args!("{fresh} && {named}")).await;
}

async fn choose(page: &Page, files: &[&Path]) {
    page.choose_all_in("#choose", files).await;
}

#[test]
fn a_wrapped_file_is_read_and_told() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        choose(page, &[&wrapped()]).await;
        page.turned_to("file").await;
        answers_with(page, "class 0").await;
        let read = "wrapped (1), prefix module. removed, left aside: criterion.weight";
        assert_eq!(page.provenance("Read").await, read);
        let told = page.notices().await.join("\n");
        assert!(told.contains(&format!("Read: {read}.")) && told.contains("are a guess"), "{told}");
        assert_eq!(page.provenance("Format").await, "safetensors");
        assert_eq!(page.provenance("Strides").await, "1, 2, 2 (a guess: the file does not say)");
        assert!(page.provenance("Preprocessing").await.ends_with("(a guess: the file does not say)"));

        // What describes it comes later.
        choose(page, &[&config()]).await;
        answers_with(page, "fox").await;
        assert!(page.notices().await.join("\n").contains("config.json is used for wrapped (1)"));
        assert_eq!(page.provenance("Strides").await, "1, 2, 2");
        let preparation = page.provenance("Preprocessing").await;
        assert!(preparation.contains("48×48") && !preparation.contains("guess"), "{preparation}");

        choose(page, &[&made("classes.txt", b"one\ntwo")]).await;
        page.wait(10, "document.body.innerText.includes('it has 2 names, and the network needs 6')").await;

        // What is typed is used too, and the answer follows.
        page.click("#provenance summary").await;
        page.type_into("#stated-strides", "1, 1, 2").await;
        page.type_into("#stated-classes", "one\ntwo\nthree\nfour\nfive\nsix").await;
        page.click("#described button").await;
        answers_with(page, "six").await;
        page.wait(10, "document.querySelector('#provenance').textContent.includes('1, 1, 2')").await;
        page.type_into("#stated-mean", "a lot").await;
        page.click("#described button").await;
        page.wait(10, "document.body.innerText.includes('`mean` in the network')").await;
    });
}

#[test]
fn files_that_are_dropped_together_are_used_together() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        choose(page, &[&config(), &wrapped()]).await;
        page.turned_to("file").await;
        answers_with(page, "fox").await;
        assert!(page.provenance("Preprocessing").await.contains("48×48"));
        page.open("?backend=cpu").await;
        page.answer_to("Kitten").await;
        choose(page, &[&config()]).await;
        page.wait(10, "document.body.innerText.includes('is kept for the weights that you open next')").await;
        choose(page, &[&wrapped()]).await;
        answers_with(page, "fox").await;
    });
}

#[test]
fn files_of_other_kinds_are_named_as_what_they_are() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        let before = page.answer_to("Kitten").await;
        let t7 = b"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1\x0d\0\0\0nn.Sequential";
        for (name, bytes, words) in [
            ("a.h5", &b"\x89HDF\r\n\x1a\n0000"[..], "an HDF5 file"),
            ("a.t7", t7, "a file of Torch7"),
            (
                "model.safetensors.index.json",
                b"{\"metadata\": {\"total_size\": 9}, \"weight_map\": {}}",
                "in several files",
            ),
            ("a.onnx", b"\x08\x07\x12\x07pytorch", "an ONNX model"),
            ("array.npy", b"\x93NUMPY\x01\0v\0{'descr'", "a NumPy array"),
        ] {
            choose(page, &[&made(name, bytes)]).await;
            page.wait(10, format_args!("document.body.innerText.includes('{words}')")).await;
        }
        assert_eq!(page.answer_to("Kitten").await, before);
    });
}
