//! Memory stays where it is while pictures come and the dial is turned: of the page, its worker and the GPU. `CARDINAL_PICTURES` and
//! `CARDINAL_TURNS` say how many.

use serde_json::{Value, json};

use crate::hosts::server::is_worker;
use crate::visit::{GPU_BYTES, GPU_COUNTED, Page, Visit, count};

/// Pictures and turns, unless the environment says otherwise.
const PICTURES: usize = 60;
const TURNS: usize = 12;
/// Stops of the dial, until it is where it was. One has no weights, and no answer.
const ROUND: [usize; 4] = [32, 1, 2, 8];
/// The first part is not counted: caches fill.
const WARM_SHARE: usize = 3;
/// What each kind of memory may grow by.
const SHARE: f64 = 0.05;
/// Bytes of a JavaScript heap that do not count: garbage collectors and the browser's own records differ by as much.
const LITTLE: f64 = 400e3;

/// Keeps the memory of the wasm that is instantiated.
const MEMORY: &str = "
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const call = WebAssembly[name];
        WebAssembly[name] = async function (...args) {
            const made = await call.apply(this, args);
            self.wasmMemory = (made.instance ?? made).exports.memory;
            return made;
        };
    }";

/// Bytes of each kind.
struct Memory([(&'static str, f64); 5]);

impl Memory {
    async fn of(page: &Page) -> Self {
        let heap = |usage: &Value| usage["usedSize"].as_f64().expect("bytes");
        // What every visit records is no part of the page.
        page.script("Object.values(watched).forEach((records) => { records.length = 0; })", vec![]).await;
        // Twice: what a first collection finalises, a second one frees.
        for _ in 0..2 {
            page.tab.command("HeapProfiler.collectGarbage", json!({})).await;
            page.tab.worker_command(is_worker, "HeapProfiler.collectGarbage", json!({})).await;
        }
        let page_heap = heap(&page.tab.command("Runtime.getHeapUsage", json!({})).await);
        let worker_heap = heap(&page.tab.worker_command(is_worker, "Runtime.getHeapUsage", json!({})).await);
        Self([
            ("the page's heap", page_heap),
            ("the page's wasm", page.number("wasmMemory.buffer.byteLength").await),
            ("the worker's heap", worker_heap),
            ("the worker's wasm", page.number_in_worker("wasmMemory.buffer.byteLength").await),
            ("GPU buffers", page.number_in_worker(GPU_BYTES).await),
        ])
    }

    /// Prints both, and says what has grown.
    fn grown_to(&self, later: &Self, after: &str) -> Vec<String> {
        let mut grown = Vec::new();
        for ((what, before), (_, now)) in self.0.iter().zip(&later.0) {
            println!("| {after} | {what} | {:.2} MB | {:.2} MB |", before / 1e6, now / 1e6);
            let is_heap = what.ends_with("heap");
            if *now > before * (1.0 + SHARE) && !(is_heap && now - before < LITTLE) {
                grown.push(format!("{what}: {before} to {now} bytes after {after}"));
            }
        }
        grown
    }
}

async fn sends(page: &Page, pictures: std::ops::Range<usize>) {
    for count in pictures {
        let (file, title) =
            [("kitten.jpg", "Kitten"), ("duck.jpg", "Duck"), ("rocket.jpg", "Rocket"), ("horses.jpg", "Horses")]
                [count % 4];
        page.click(&format!("[data-sample=\"{file}\"]")).await;
        let shown = format!("document.querySelector('#picture')?.dataset.picture === '{title}'");
        page.wait(
            20,
            format_args!("{shown} && document.querySelector('#page[data-state=ready] #answer[data-state=fresh]')"),
        )
        .await;
    }
}

async fn turns(page: &Page, range: std::ops::Range<usize>) {
    for count in range {
        let cardinality = ROUND[count % ROUND.len()];
        page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
        page.wait_for(
            20,
            &format!(
                "#page[data-cardinality=\"{cardinality}\"][data-state=ready] #answer:is([data-state=fresh], [data-state=untrained])"
            ),
        )
        .await;
    }
}

#[test]
fn memory_is_flat() {
    // Whole rounds of the dial: each of its networks takes another amount.
    let pictures = count("CARDINAL_PICTURES", PICTURES);
    let all_turns = count("CARDINAL_TURNS", TURNS).next_multiple_of(ROUND.len());
    let visit = Visit::new("?runs=3&backend=webgpu").tuned().answers_only().alone().lasts(3600);
    visit.script(MEMORY).worker_script(MEMORY).worker_script(GPU_COUNTED).run(async |page| {
        page.answer_to("Kitten").await;
        page.wait_for(60, "html[data-offline=kept]").await;
        let (warm, warm_turns) =
            ((pictures / WARM_SHARE).min(100), (all_turns / WARM_SHARE).next_multiple_of(ROUND.len()));
        sends(page, 0..warm).await;
        turns(page, 0..warm_turns).await;
        let before = Memory::of(page).await;
        sends(page, warm..pictures).await;
        let between = Memory::of(page).await;
        turns(page, warm_turns..all_turns).await;
        let after = Memory::of(page).await;
        let mut grown = before.grown_to(&between, &format!("{pictures} pictures"));
        grown.extend(between.grown_to(&after, &format!("{all_turns} turns")));
        assert!(grown.is_empty(), "{grown:#?}");
    });
}
