//! When a race is kept.

/// Milliseconds from one keeping to the next, at least.
const OFTEN_MS: f64 = 10_000.0;
/// At the end of an epoch it is kept after this time already.
const EPOCH_MS: f64 = 2_000.0;
/// Keeping takes at most one part in so many of the time.
const SHARE: f64 = 20.0;

/// When a race was kept.
pub(super) struct Keeping {
    at: f64,
    took: f64,
    /// Whether it was told that it cannot be kept.
    has_told: bool,
}

impl Keeping {
    /// Nothing is kept yet.
    pub(super) fn since(now: f64) -> Self {
        Self { at: now, took: 0.0, has_told: false }
    }

    pub(super) fn is_due(&self, now: f64, is_epoch: bool) -> bool {
        let least = if is_epoch { EPOCH_MS } else { OFTEN_MS };
        now - self.at > least.max(SHARE * self.took)
    }

    /// It was kept, or not; says whether that it was not is news.
    pub(super) fn kept(&mut self, start: f64, end: f64, worked: bool) -> bool {
        (self.at, self.took) = (end, end - start);
        !worked && !std::mem::replace(&mut self.has_told, true)
    }
}
