//! Devices that are lost again and again, in every step: each loss is noticed at once, another device is opened, and what was asked for
//! is done. `CARDINAL_LOSSES` says how often in each step.

use std::time::Instant;

use crate::files::ours;
use crate::hosts::server::is_trainer;
use crate::race::{bring, shapes, stage};
use crate::visit::{DEVICES, Page, Visit, count, until};

/// Losses in each step, unless the environment says otherwise.
const LOSSES: usize = 3;
/// Milliseconds to the page as it was, on the software adapter.
const BAR_MS: f64 = 2000.0;
/// A test fails at this many times its bar: it shares the machine.
const TIMES: f64 = 3.0;

/// What loses devices.
fn lose() -> String {
    format!("{DEVICES}{LOSE}")
}

/// Loses the newest device when the test says so: now, or as soon as the worker is at a step.
const LOSE: &str = "
    self.lose = () => devices.at(-1).destroy();
    self.loseAt = undefined;
    for (const [of, name] of [[GPUDevice, 'createBuffer'], [GPUBuffer, 'mapAsync'], [GPUQueue, 'submit']]) {
        const call = of.prototype[name];
        of.prototype[name] = function (...args) {
            const result = call.apply(this, args);
            if (self.loseAt === name) { self.loseAt = undefined; lose(); }
            return result;
        };
    }";

fn losses() -> usize {
    count("CARDINAL_LOSSES", LOSSES)
}

/// Prints the times from losses to the page as it was, and holds the median to its bar.
fn hold(step: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    println!("| {step} | {} losses | median {median:.0} ms | longest {longest:.0} ms | bar {BAR_MS} ms |", times.len());
    assert!(median < BAR_MS * TIMES, "{step}: {median:.0} ms");
}

async fn devices(page: &Page) -> f64 {
    page.number_in_worker("devices.length").await
}

/// Milliseconds until there is another device with the network on it, and nothing is left to do.
async fn heals(page: &Page, before: f64, start: Instant) -> f64 {
    page.wait_in_worker(20, format_args!("devices.length > {before} && self.loseAt === undefined")).await;
    page.wait_for(20, "#page[data-state=ready][data-backend=webgpu]").await;
    start.elapsed().as_secs_f64() * 1e3
}

fn visit() -> Visit {
    // The browser warns of what is called on a destroyed device.
    Visit::new("?runs=3&backend=webgpu").answers_only().worker_script(&lose()).forgives("destroyed").forgives("lost")
}

#[test]
fn lost_at_rest() {
    visit().run(async |page| {
        page.answer_to("Kitten").await;
        let mut times = Vec::new();
        for _ in 0..losses() {
            let before = devices(page).await;
            let start = Instant::now();
            page.in_worker("lose()", vec![]).await;
            times.push(heals(page, before, start).await);
            assert_eq!(page.top().await[0].0, "cat");
        }
        hold("idle", times);
        let notices = page.notices().await;
        assert_eq!(notices, ["The GPU was lost. It has been opened again."], "one message, however often");
    });
}

#[test]
fn lost_while_it_runs_and_while_a_network_is_brought_to_it() {
    visit().run(async |page| {
        page.answer_to("Kitten").await;
        for (step, at) in [("running", "mapAsync"), ("submitting", "submit"), ("loading", "createBuffer")] {
            let mut times = Vec::new();
            for count in 0..losses() {
                let before = devices(page).await;
                page.in_worker("self.loseAt = arguments[0]", vec![at.into()]).await;
                let start = Instant::now();
                let (picture, label) = [("horses.jpg", "horse"), ("kingfisher.jpg", "bird")][count % 2];
                if step == "loading" {
                    let cardinality = [32, 8][count % 2];
                    page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
                    times.push(heals(page, before, start).await);
                    page.wait_for(20, &format!("#page[data-cardinality=\"{cardinality}\"]")).await;
                } else {
                    page.drop_file(&ours(&format!("assets/samples/{picture}"))).await;
                    assert_eq!(page.answer_to(picture).await[0].0, label);
                    times.push(heals(page, before, start).await);
                }
            }
            hold(step, times);
        }
    });
}

#[test]
fn lost_while_it_trains() {
    let shapes = shapes();
    visit().lasts(600).run(async |page| {
        page.ready().await;
        bring(page, &shapes).await;
        let in_trainer =
            async |expression: &str| page.tab.evaluate_in_worker(is_trainer, expression).await.expect("it runs");
        in_trainer(&format!("{{{}}}", lose())).await;
        page.click("#race-epochs [data-value=\"30\"]").await;
        page.click("#race [data-do=go]").await;
        stage(page, 30, "running").await;
        let step = "Number(document.querySelector('#race-controls progress').value)";
        page.wait(60, format_args!("{step} >= 2")).await;
        let mut times = Vec::new();
        for _ in 0..losses().div_ceil(3) {
            let reached = page.number(step).await;
            let before = in_trainer("devices.length").await.as_f64().expect("a number");
            let start = Instant::now();
            in_trainer("lose()").await;
            let opened = in_trainer(&until(20, &format!("devices.length > {before}"))).await;
            assert_eq!(opened, true, "no other device within 20 s");
            times.push(start.elapsed().as_secs_f64() * 1e3);
            // A software adapter compiles the kernels anew, and the steps since the race was kept are taken again.
            let start = Instant::now();
            page.wait(120, format_args!("{step} > {reached}")).await;
            println!("past step {reached} after {:.1} s more", start.elapsed().as_secs_f64());
        }
        hold("training, to another device", times);
        stage(page, 5, "running").await;
    });
}
