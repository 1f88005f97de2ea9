//! Random numbers that are the same for the same seed everywhere.

/// Added per number.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64.
pub(super) struct Random(u64);

impl Random {
    /// The numbers of an epoch, which depend on nothing that was drawn before.
    pub(super) fn of_epoch(seed: u64, epoch: usize) -> Self {
        Self(seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64))
    }

    /// Leaves out so many numbers.
    pub(super) fn skip(&mut self, numbers: usize) {
        self.0 = self.0.wrapping_add(STEP.wrapping_mul(numbers as u64));
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        ((u128::from(z) * limit as u128) >> 64) as usize
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
