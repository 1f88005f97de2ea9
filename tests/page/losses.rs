//! Devices that are lost again and again, in every step: each loss is noticed at once, another device is opened, also where the browser
//! refuses that for a while, and what was asked for is done. `CARDINAL_LOSSES` says how often in each step.

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

/// Counts what was read back from a device.
const READS: &str = "
    self.reads = 0;
    const mapAsync = GPUBuffer.prototype.mapAsync;
    GPUBuffer.prototype.mapAsync = async function (...args) {
        await mapAsync.apply(this, args);
        reads++;
    };";
/// Reads of a step of both networks, two for each, and the first one after it.
const READS_OF_A_STEP: usize = 5;

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
    let seconds = 120 + 20 * losses() as u64;
    let visit = Visit::new("?runs=3&backend=webgpu").answers_only().lasts(seconds).worker_script(&lose());
    visit.forgives("destroyed").forgives("lost")
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

/// As where the browser's GPU process has died and is started anew.
#[test]
fn refused_for_a_while_after_a_loss() {
    let refuse = "
        self.refusesUntil = 0;
        const requestAdapter = GPU.prototype.requestAdapter;
        GPU.prototype.requestAdapter = async function (...args) {
            return performance.now() < refusesUntil ? null : requestAdapter.apply(this, args);
        };";
    visit().worker_script(refuse).run(async |page| {
        page.answer_to("Kitten").await;
        let before = devices(page).await;
        let start = Instant::now();
        page.in_worker("self.refusesUntil = performance.now() + 2000; lose()", vec![]).await;
        let ms = heals(page, before, start).await;
        println!("refused for 2 s, ready after {ms:.0} ms");
        assert_eq!(page.notices().await, ["The GPU was lost. It has been opened again."]);
    });
}

/// Training goes on at once, on the CPU: on a software adapter, all kernels of training take many seconds to compile. It must be on the
/// new device in the end.
#[test]
fn lost_while_it_trains() {
    let shapes = shapes();
    visit().lasts(600 + 20 * losses() as u64).run(async |page| {
        page.ready().await;
        bring(page, &shapes).await;
        let in_trainer =
            async |expression: &str| page.tab.evaluate_in_worker(is_trainer, expression).await.expect("it runs");
        in_trainer(&format!("{{{}}} {{{READS}}}", lose())).await;
        page.click("#race-epochs [data-value=\"30\"]").await;
        let step = "Number(document.querySelector('#race-controls progress').value)";
        let (mut opened, mut goes_on, mut is_back) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..losses().div_ceil(3) {
            // The CPU is so much faster that a race is done after a few losses.
            page.click("#race [data-do=go]").await;
            stage(page, 120, "running").await;
            page.wait(120, format_args!("{step} >= 2")).await;
            let reached = page.number(step).await;
            let before = in_trainer("devices.length").await.as_f64().expect("a number");
            let start = Instant::now();
            let ms = || start.elapsed().as_secs_f64() * 1e3;
            in_trainer("reads = 0; lose()").await;
            page.wait(60, format_args!("{step} > {reached}")).await;
            goes_on.push(ms());
            assert_eq!(in_trainer(&until(20, &format!("devices.length > {before}"))).await, true, "no other device");
            opened.push(ms());
            // Devices that are lost before they have done a step are given up.
            let used = until(120, &format!("reads >= {READS_OF_A_STEP}"));
            assert_eq!(in_trainer(&used).await, true, "the new device is not used");
            is_back.push(ms());
            stage(page, 5, "running").await;
            page.click("#race [data-do=stop]").await;
            stage(page, 60, "stopped").await;
        }
        hold("training, goes on", goes_on);
        println!("another device after {opened:.0?} ms, used after {is_back:.0?} ms");
    });
}
