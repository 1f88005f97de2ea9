//! When a connection that broke is tried again.

use crate::store::CHUNK_BYTES;

/// Attempts in a row that may bring less than a chunk.
const RETRIES: u32 = 3;
/// Milliseconds before the first new attempt; doubled for each attempt after it.
const FIRST_PAUSE_MS: i32 = 500;

/// Counts the attempts that brought next to nothing.
#[derive(Debug)]
pub(crate) struct Retries {
    attempts: u32,
    /// The most bytes that had arrived when the count began.
    best: u64,
}

impl Retries {
    /// For a download of which `arrived` bytes have arrived.
    pub(crate) fn new(arrived: u64) -> Self {
        Self { attempts: 0, best: arrived }
    }

    /// Milliseconds to wait before the next attempt, now that one has failed with `arrived` bytes there; `None` when it is
    /// time to give up.
    pub(crate) fn pause_after(&mut self, arrived: u64) -> Option<i32> {
        // A server without ranges sends everything again: only what was never reached before counts.
        if arrived >= self.best + CHUNK_BYTES {
            *self = Self::new(arrived);
        }
        let pause = (self.attempts < RETRIES).then_some(FIRST_PAUSE_MS << self.attempts);
        self.attempts += 1;
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_attempts_that_bring_little_are_enough() {
        let mut retries = Retries::new(0);
        let pauses: Vec<_> = (1..=4).map(|attempt| retries.pause_after(attempt * 1000)).collect();
        assert_eq!(pauses, [Some(500), Some(1000), Some(2000), None]);
    }

    #[test]
    fn an_attempt_that_brings_a_chunk_begins_the_count_again() {
        let mut retries = Retries::new(10);
        assert_eq!([retries.pause_after(10), retries.pause_after(10)], [Some(500), Some(1000)]);
        assert_eq!(retries.pause_after(10 + CHUNK_BYTES), Some(500));
        // From the beginning again, and less far than before.
        assert_eq!(retries.pause_after(CHUNK_BYTES), Some(1000));
    }
}
