//! Where the time goes: the table of dispatches, its orders, and the files of it.

use std::fs;
use std::path::Path;

use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{Plan, PlanKind};
use serde_json::Value;

use crate::visit::{Page, Visit, has_words};

/// A column of a CSV file without quotes.
fn column(file: &Path, name: &str) -> Vec<f64> {
    let text = fs::read_to_string(file).expect("a text");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let place = lines.next().expect("a head").iter().position(|head| *head == name).expect("the column");
    lines.map(|line| line[place].parse().expect("a number")).collect()
}

/// The numbers of the rows, in their order.
async fn rows(page: &Page) -> Vec<f64> {
    let rows = page.list("document.querySelectorAll('#dispatches tbody tr'), row => row.dataset.ms").await;
    rows.iter().map(|ms| ms.parse().expect("milliseconds")).collect()
}

async fn order(page: &Page) -> Vec<usize> {
    let cells = page.list("document.querySelectorAll('#dispatches tbody tr'), row => row.cells[0].innerText").await;
    cells.iter().map(|cell| cell.parse().expect("a number")).collect()
}

#[test]
fn the_rows_of_the_files_sum_to_the_time_that_is_shown() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        page.answer_to("Kitten").await;
        page.idle().await;
        assert_eq!(page.number("document.querySelectorAll('#dispatches table').length").await, 0.0, "nobody opened it");
        page.click("#dispatches summary").await;
        page.wait_for(10, "#dispatches tbody tr").await;

        let config = cardinal::zoo::offers().remove(0).config;
        let graph = Graph::build(&config, 1, (32, 32), BlockForm::C).unwrap();
        let plan = Plan::new(graph, PlanKind::Fused).unwrap();
        let times = rows(page).await;
        assert_eq!(times.len(), plan.steps.len());
        assert!(times.is_sorted_by(|a, b| a >= b), "by time at first: {times:?}");
        let total: f64 = page.attribute("#dispatches-told", "data-ms").await.parse().expect("milliseconds");
        let told = page.text("document.getElementById('dispatches-told').innerText").await;
        has_words(&told, &[&format!("{} dispatches take ", times.len()), "repeated", "times", "0.1 ms"]);

        let file = page.saved("#dispatches [data-save=csv]", "csv", "resnext-20_8x8d_fused_cpu.csv").await;
        let sum: f64 = column(&file, "ms").iter().sum();
        assert!((sum - total).abs() < 1e-9 * total, "{sum} in the file, {total} on the page");
        // The time that the block's table states as that of all is the same one.
        let shown = page.text("document.getElementById('block-time').innerText").await;
        let all = shown.split(" of ").nth(1).and_then(|all| all.trim().strip_suffix(" ms")).expect("milliseconds");
        let all: f64 = all.parse().expect("a number");
        assert!((sum - all).abs() <= 0.005 * all, "{sum} in the file, {shown} at the block");
        let macs: f64 = column(&file, "multiply_adds").iter().sum();
        assert_eq!(macs, plan.macs() as f64);
        let bytes: Vec<usize> = column(&file, "bytes").iter().map(|&bytes| bytes as usize).collect();
        assert_eq!(bytes, plan.steps.iter().map(|step| step.bytes).collect::<Vec<_>>());

        let name = "resnext-20_8x8d_fused_cpu.trace.json";
        let file = page.saved("#dispatches [data-save=trace]", "trace", name).await;
        let trace: Value = serde_json::from_slice(&fs::read(&file).expect("it is there")).expect("JSON");
        let events = trace["traceEvents"].as_array().expect("events");
        let dispatches = events.iter().filter(|event| event["cat"] == "dispatch");
        let micros: f64 = dispatches.map(|event| event["dur"].as_f64().expect("microseconds")).sum();
        assert!((micros / 1e3 - total).abs() < 1e-6 * total, "{micros} µs in the trace, {total} ms on the page");
        assert_eq!(events.iter().filter(|event| event["cat"] == "block").count(), 6);
    });
}

#[test]
fn rows_are_sorted_by_each_head_and_the_best_is_a_hundred() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        page.answer_to("Kitten").await;
        page.idle().await;
        page.click("#dispatches summary").await;
        page.wait_for(10, "#dispatches tbody tr").await;
        let sorted = "document.querySelector('#dispatches [aria-sort$=ending]').innerText.trim()";
        assert_eq!(page.text(sorted).await, "time");
        page.click("#dispatches thead th:nth-child(1) button").await;
        assert!(order(page).await.iter().copied().eq(1..=order(page).await.len()), "in the order of the run");
        assert_eq!(page.attribute("#dispatches thead th:nth-child(1)", "aria-sort").await, "ascending");
        page.click("#dispatches thead th:nth-child(4) button").await;
        let shares =
            page.list("document.querySelectorAll('#dispatches tbody tr'), row => row.cells[4].innerText").await;
        let known = shares.iter().filter_map(|share| share.strip_suffix(" %"));
        let known: Vec<f64> = known.map(|share| share.parse().expect("a number")).collect();
        assert!(known.len() > 3 && known.is_sorted_by(|a, b| a >= b), "{shares:?}");
        assert_eq!(known[0], 100.0, "the best of the visit is among them: {shares:?}");
        let best = page.text("document.getElementById('dispatches-best').innerText").await;
        has_words(&best, &["highest rate of any dispatch on this processor", "of ResNeXt-20 8×8d"]);
        page.click("#dispatches thead th:nth-child(6) button").await;
        assert_ne!(order(page).await[0], 1, "the stem moves fewer bytes than a block");
    });
}
