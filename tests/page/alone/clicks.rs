//! The page answers to clicks, whatever its worker has to do.

use super::{COLD_TASK, PAINTED, TASK, hold};
use crate::hosts::hub::Manner;
use crate::menu::{ID, hub};
use crate::visit::{Page, Visit};

/// The slowest of some turns of the dial.
async fn slowest_turn(page: &Page, cardinalities: &[usize]) -> f64 {
    let mut slowest: f64 = 0.0;
    for &cardinality in cardinalities {
        slowest = slowest.max(page.paints_a_turn_to(cardinality).await);
    }
    slowest
}

/// One run takes the processor a good part of a second.
#[test]
fn the_dial_turns_while_resnet50_runs_on_the_cpu() {
    hold(|| {
        let (mut longest, mut painted) = (0.0, 0.0);
        Visit::new("?model=imagenet&cardinality=1&runs=10&backend=cpu").alone().run(async |page| {
            let row = "#latency tr[data-cardinality=\"1\"][data-runs=\"10\"]";
            page.wait_for(100, &format!("#page[data-state=ready] {row}")).await;
            page.longest_task().await;
            page.set("#runs [data-value=\"100\"]").await;
            page.wait_for(30, "#page[data-state=running]").await;
            painted = slowest_turn(page, &[2, 4, 8, 32, 1, 2, 4, 32]).await;
            page.set("#runs [data-value=\"3\"]").await;
            let row = "#latency tr[data-cardinality=\"32\"][data-runs=\"3\"]";
            page.wait_for(100, &format!("#page[data-state=ready] {row}")).await;
            longest = page.longest_task().await;
        });
        vec![("ResNet-50 on the CPU", longest, TASK), ("a click meanwhile, to its frame", painted, PAINTED)]
    });
}

#[test]
fn the_dial_turns_while_a_network_of_100_mb_comes_in() {
    hold(|| {
        let hub = hub();
        let (mut coming, mut kept, mut painted) = (0.0, 0.0, 0.0);
        Visit::with_hub(&hub, "&backend=webgpu").tuned().answers_only().alone().run(async |page| {
            page.answer_to("Kitten").await;
            page.longest_task().await;
            // As fast as a good line, for as long as it takes to click a few times.
            hub.behave(Manner::Slow(40e6));
            page.take(ID).await;
            page.wait_for(30, "#arrival [data-stage=coming]").await;
            painted = slowest_turn(page, &[1, 32, 8]).await;
            assert_eq!(page.attribute("#page", "data-model").await, "cifar10", "it came before it was clicked");
            page.turned_to(ID).await;
            page.logits("Kitten").await;
            coming = page.longest_task().await;
            page.open(&format!("?model={ID}&depth=50&cardinality=32&hub={}&runs=3&backend=webgpu", hub.host)).await;
            page.turned_to(ID).await;
            page.logits("Kitten").await;
            kept = page.longest_task().await;
        });
        vec![
            ("a network of 100 MB from its host", coming, TASK),
            ("the same from the cache, page and all", kept, COLD_TASK),
            ("a click meanwhile, to its frame", painted, PAINTED),
        ]
    });
}
