//! The exponential moving average of a network's tensors, which is what is tested and saved.

use crate::weights::NamedTensors;

/// How much of the average stays per step, in the long run.
pub(super) const DECAY: f32 = 0.998;

/// The average of what a network's tensors were after each step; early steps are forgotten sooner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Average {
    /// The average; empty before the first step.
    pub tensors: NamedTensors,
}

impl Average {
    /// Moves it towards what the tensors are after `step`, counted from 0; the first ones are the average.
    pub fn follow(&mut self, step: usize, tensors: NamedTensors) {
        let step = step as f32;
        let stays = DECAY.min((1.0 + step) / (10.0 + step));
        if self.tensors.tensors.is_empty() {
            self.tensors = tensors;
            return;
        }
        // Both are in the keys' order.
        for (average, new) in self.tensors.tensors.values_mut().zip(tensors.tensors.values()) {
            for (average, &new) in average.values.iter_mut().zip(&new.values) {
                *average += (new - *average) * (1.0 - stays);
            }
        }
    }
}
