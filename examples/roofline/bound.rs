//! Lower bounds: no device is faster than its arithmetic, its memory, or the threads that it is given.

/// A device in three figures.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// FLOP per second; a multiply-add counts as two.
    pub peak: f64,
    /// Bytes per second.
    pub bandwidth: f64,
}

/// An integrated GPU, a laptop's GPU, and a large one.
pub const DEVICES: [Device; 3] = [
    Device { peak: 1e12, bandwidth: 50e9 },
    Device { peak: 10e12, bandwidth: 300e9 },
    Device { peak: 30e12, bandwidth: 800e9 },
];

/// Cycles per second. A peak divided by it gives lanes, each with one multiply-add per cycle.
pub const CLOCK: f64 = 1.5e9;

/// What limits a dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Arithmetic,
    Bytes,
    /// Fewer threads than lanes: the rest of the device is idle.
    Threads,
}

impl Limit {
    pub fn word(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic",
            Self::Bytes => "bytes",
            Self::Threads => "threads",
        }
    }
}

impl Device {
    pub fn lanes(self) -> f64 {
        self.peak / (2.0 * CLOCK)
    }

    /// The least seconds that the dispatch takes, and what limits it.
    pub fn bound(self, flop: f64, bytes: f64, threads: f64) -> (f64, Limit) {
        let used = (threads / self.lanes()).min(1.0);
        let (arithmetic, moved) = (flop / (self.peak * used), bytes / self.bandwidth);
        if moved >= arithmetic {
            (moved, Limit::Bytes)
        } else if used < 1.0 {
            (arithmetic, Limit::Threads)
        } else {
            (arithmetic, Limit::Arithmetic)
        }
    }
}
