//! How fast a download goes, over its last seconds.

use std::collections::VecDeque;

use web_time::Instant;

use crate::store::Progress;

/// Seconds that the rate looks back.
const WINDOW: f64 = 5.0;
/// Seconds between two samples, and between two reports.
const STEP: f64 = 0.1;
/// Seconds that a rate needs before it says anything.
const SETTLED: f64 = 0.5;

/// The last seconds of a download.
pub(super) struct Pace {
    resumed_from: u64,
    /// When, and how many bytes were there; the oldest first.
    samples: VecDeque<(Instant, u64)>,
}

impl Pace {
    pub(super) fn new(resumed_from: u64) -> Self {
        Self { resumed_from, samples: VecDeque::from([(Instant::now(), resumed_from)]) }
    }

    /// Notes where the download is; a report, unless one was given just now and `must` does not hold.
    pub(super) fn report(&mut self, done: u64, total: Option<u64>, must: bool) -> Option<Progress> {
        let now = Instant::now();
        let since = |sample: &(Instant, u64)| now.duration_since(sample.0).as_secs_f64();
        if !must && self.samples.back().is_some_and(|last| since(last) < STEP) {
            return None;
        }
        // It began anew: what came before says nothing.
        if self.samples.back().is_some_and(|last| last.1 > done) {
            self.samples.clear();
            self.resumed_from = 0;
        }
        self.samples.push_back((now, done));
        while self.samples.len() > 2 && since(&self.samples[0]) > WINDOW {
            self.samples.pop_front();
        }
        let first = &self.samples[0];
        let seconds = since(first);
        let rate = (seconds >= SETTLED).then(|| (done - first.1) as f64 / seconds);
        let left = total.and_then(|total| Some((rate.filter(|&rate| rate > 0.0)?, total.saturating_sub(done))));
        Some(Progress {
            done,
            total,
            bytes_per_second: rate,
            seconds_left: left.map(|(rate, bytes)| bytes as f64 / rate),
            resumed_from: self.resumed_from,
        })
    }
}
