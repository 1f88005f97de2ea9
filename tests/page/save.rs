//! The network on the page as a file on the visitor's disk, which opens again.

use std::fs;
use std::path::PathBuf;

use cardinal::weights::Checkpoint;

use crate::visit::{Page, Visit};

/// Presses a button of the row and waits for the file.
async fn saved(page: &Page, dtype: &str, name: &str) -> PathBuf {
    page.saved(&format!("#save [data-dtype={dtype}]"), dtype, name).await
}

#[test]
fn a_network_is_saved_and_opens_again() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        let before = page.answer_to("Kitten").await;
        let file = saved(page, "f16", "resnext-20_8x8d_f16.safetensors").await;
        let checkpoint = Checkpoint::parse(fs::read(&file).expect("it is there")).expect("it is whole");
        assert_eq!(*checkpoint.config(), cardinal::zoo::offers().remove(0).config);
        assert_eq!(checkpoint.metadata().classes.as_ref().expect("names")[3], "cat");
        assert_eq!(checkpoint.metadata().test_accuracy, Some(0.9105));
        // The original is in f16, so nothing was rounded again.
        page.drop_file(&file).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready] #top li[data-label=cat]").await;
        assert_eq!(page.top().await, before);
    });
}

/// What was never trained can be saved too: its random weights, without names of classes.
#[test]
fn an_untrained_network_is_saved() {
    Visit::new("?backend=cpu&runs=3&cardinality=4").answers_only().run(async |page| {
        page.ready().await;
        let file = saved(page, "f32", "resnext-20_4x15d_f32.safetensors").await;
        let checkpoint = Checkpoint::parse(fs::read(&file).expect("it is there")).expect("it is whole");
        assert_eq!((checkpoint.config().cardinality, checkpoint.config().base_width), (4, 15));
        assert_eq!(checkpoint.metadata().classes, None);
    });
}
