//! How a step is timed.

use web_time::Instant;

/// A step shorter than this is timed by repeating it: browsers round their clocks to 0.1 ms.
const CLEAR_MS: f64 = 5.0;
/// How often at most.
const REPEATS: usize = 10;

/// Milliseconds of a step, all its repeats together, and how many these were. No step reads what it writes, so repeating one changes
/// nothing.
pub(super) fn time(mut step: impl FnMut()) -> (f64, usize) {
    let (start, mut runs) = (Instant::now(), 0);
    loop {
        step();
        runs += 1;
        let ms = start.elapsed().as_secs_f64() * 1e3;
        if ms >= CLEAR_MS || runs == REPEATS {
            return (ms, runs);
        }
    }
}
