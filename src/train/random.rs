//! Random numbers that are the same for the same seed everywhere.

use crate::weights::Stream;

/// The numbers of a stream, one after the other.
pub(super) struct Random {
    stream: Stream,
    next: u64,
}

impl Random {
    /// The numbers of an epoch, which depend on nothing that was drawn before.
    pub(super) fn of_epoch(seed: u64, epoch: usize) -> Self {
        Self { stream: Stream::at(seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64)), next: 0 }
    }

    /// Leaves out so many numbers.
    pub(super) fn skip(&mut self, numbers: usize) {
        self.next += numbers as u64;
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let drawn = self.stream.draw(self.next);
        self.next += 1;
        ((u128::from(drawn) * limit as u128) >> 64) as usize
    }

    /// The numbers below `count` in any order, for which `count - 1` numbers are drawn.
    pub(super) fn order(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}
