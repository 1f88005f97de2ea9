//! How fast bytes arrive, over the last seconds.

use std::collections::VecDeque;

use crate::store::DownloadProgress;

/// Milliseconds that the rate looks back.
const WINDOW_MS: f64 = 5000.0;
/// Milliseconds between two samples, and between two reports.
const STEP_MS: f64 = 100.0;
/// Milliseconds that have to be seen before a rate is given.
const SETTLED_MS: f64 = 500.0;

/// The transfer rate of a download, from samples taken as it goes.
#[derive(Debug)]
pub(crate) struct TransferRate {
    resumed_from: u64,
    /// Times in milliseconds, and the bytes that had arrived by then; the oldest first.
    samples: VecDeque<(f64, u64)>,
}

impl TransferRate {
    /// For a download that begins `now`, in milliseconds, with `resumed_from` bytes there.
    pub(crate) fn new(now: f64, resumed_from: u64) -> Self {
        Self { resumed_from, samples: VecDeque::from([(now, resumed_from)]) }
    }

    /// Takes a sample: `done` bytes of `total` have arrived `now`, in milliseconds. Gives a report unless the last was given
    /// just before; `is_due` demands one.
    pub(crate) fn report(&mut self, now: f64, done: u64, total: Option<u64>, is_due: bool) -> Option<DownloadProgress> {
        if !is_due && self.samples.back().is_some_and(|last| now - last.0 < STEP_MS) {
            return None;
        }
        // The download began again at the first byte: earlier samples say nothing about it.
        if self.samples.back().is_some_and(|last| last.1 > done) {
            self.samples.clear();
            self.resumed_from = 0;
        }
        self.samples.push_back((now, done));
        while self.samples.len() > 2 && now - self.samples[0].0 > WINDOW_MS {
            self.samples.pop_front();
        }
        let (first_time, first_done) = self.samples[0];
        let ms = now - first_time;
        let rate = (ms >= SETTLED_MS).then(|| (done - first_done) as f64 / (ms / 1000.0));
        let bytes_left = total.map(|total| total.saturating_sub(done) as f64);
        let seconds_left = rate.filter(|&rate| rate > 0.0).and_then(|rate| Some(bytes_left? / rate));
        let resumed_from = self.resumed_from;
        Some(DownloadProgress { done, total, bytes_per_second: rate, seconds_left, resumed_from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_come_ten_times_per_second_and_when_due() {
        let mut rate = TransferRate::new(0.0, 0);
        assert!(rate.report(99.0, 10, None, false).is_none());
        assert!(rate.report(99.0, 10, None, true).is_some());
        assert!(rate.report(198.0, 20, None, false).is_none());
        assert!(rate.report(199.0, 20, None, false).is_some());
    }

    #[test]
    fn the_rate_is_known_after_half_a_second() {
        let mut rate = TransferRate::new(1000.0, 500);
        let early = rate.report(1400.0, 900, Some(2500), false).unwrap();
        assert_eq!((early.bytes_per_second, early.seconds_left, early.resumed_from), (None, None, 500));
        let later = rate.report(1500.0, 1000, Some(2500), false).unwrap();
        assert_eq!((later.bytes_per_second, later.seconds_left), (Some(1000.0), Some(1.5)));
        let unknown = rate.report(1600.0, 1100, None, false).unwrap();
        assert_eq!((unknown.bytes_per_second, unknown.seconds_left), (Some(1000.0), None));
    }

    #[test]
    fn only_the_last_five_seconds_count() {
        let mut rate = TransferRate::new(0.0, 0);
        rate.report(1000.0, 1_000_000, None, false);
        let mut last = None;
        for second in 2..=7 {
            last = rate.report(f64::from(second) * 1000.0, 1_000_000, Some(2_000_000), false);
        }
        let last = last.unwrap();
        assert_eq!((last.bytes_per_second, last.seconds_left), (Some(0.0), None), "nothing arrives any more");
    }

    #[test]
    fn a_download_that_begins_again_has_no_rate_at_first() {
        let mut rate = TransferRate::new(0.0, 4000);
        rate.report(1000.0, 5000, None, false);
        let again = rate.report(2000.0, 100, Some(5000), false).unwrap();
        assert_eq!((again.done, again.bytes_per_second, again.resumed_from), (100, None, 0));
    }
}
