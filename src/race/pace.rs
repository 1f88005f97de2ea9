//! How fast a race goes, from what was measured.

use crate::protocol::{RaceFacts, RacePace};

use super::facts::test_every;

/// Steps whose times count: the last ones.
const WINDOW: usize = 15;

/// The times of the last steps and of the last test.
#[derive(Default)]
pub(super) struct Pace {
    /// Milliseconds per network. The first step of each is left out: it compiles and fills caches.
    steps: [Vec<f64>; 2],
    has_warmed_up: [bool; 2],
    test_ms: f64,
}

impl Pace {
    pub(super) fn step(&mut self, network: usize, ms: f64) {
        if !std::mem::replace(&mut self.has_warmed_up[network], true) {
            return;
        }
        let steps = &mut self.steps[network];
        if steps.len() == WINDOW {
            steps.remove(0);
        }
        steps.push(ms);
    }

    pub(super) fn test(&mut self, ms: f64) {
        self.test_ms = ms;
    }

    /// Steps of each network that were timed.
    pub(super) fn timed(&self) -> usize {
        self.steps[1].len()
    }

    /// The pace at a step; `None` before a step of each network was timed.
    pub(super) fn at(&self, step: usize, facts: &RaceFacts) -> Option<RacePace> {
        let median = |steps: &Vec<f64>| {
            let mut sorted = steps.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            sorted.get(sorted.len() / 2).copied()
        };
        let step_ms = [median(&self.steps[0])?, median(&self.steps[1])?];
        let left = facts.steps.saturating_sub(step) as f64;
        let tests = left / test_every(facts) as f64;
        let left_ms = left * (step_ms[0] + step_ms[1]) + tests * self.test_ms;
        Some(RacePace { step_ms, left_s: left_ms / 1000.0 })
    }
}
