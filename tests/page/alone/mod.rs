//! Visits that measure. Nothing else runs meanwhile, and what is measured is printed beside its bar, as docs/testing.md has it.
//!
//! A bar is the limit that the page keeps on an idle machine. Shared machines are several times slower, so a test fails at three
//! times its bar: that detects faults, not slow machines.

mod arrive;
mod clicks;
mod memory;
mod soon;
mod tasks;
mod turn;

/// Milliseconds of the longest task on the page's thread, once the browser has the page's files.
const TASK: f64 = 50.0;
/// On the first visit, to the first answer.
const COLD_TASK: f64 = 100.0;
/// From a click on the dial to the frame that shows it.
const PAINTED: f64 = 100.0;

/// A test fails at this many times its bar.
const TIMES: f64 = 3.0;

/// Prints milliseconds beside their bar.
fn print(what: &str, ms: f64, bar: f64) {
    let shown = if ms == 0.0 { "under 50".to_owned() } else { format!("{ms:.0}") };
    println!("| {what} | {shown} ms | {bar} ms |");
}

/// Holds what a visit measures to its bars: each with its name, milliseconds, and the bar. Other work on the machine can
/// only make it longer, so the best of up to three visits counts: a real fault is slow every time.
fn hold(visit: impl Fn() -> Vec<(&'static str, f64, f64)>) {
    let mut failures = Vec::new();
    for _ in 0..3 {
        let measured = visit();
        for (what, ms, bar) in &measured {
            print(what, *ms, *bar);
        }
        assert!(!measured.is_empty(), "nothing was measured");
        failures = measured.into_iter().filter(|(_, ms, bar)| *ms > bar * TIMES).collect();
        if failures.is_empty() {
            return;
        }
    }
    panic!("over {TIMES} times the bar, three times: {failures:?}");
}
