//! The recipe of `train/train.py`: learning rate, order, crops, flips, and the average that is saved.

use std::borrow::Cow;

use cardinal::weights::{NamedTensors, TensorSource, WeightError};

use super::data::Set;

/// Pixels of black around a picture before it is cropped.
const PADDING: usize = 4;
/// How much of the average stays per step, in the long run.
const EMA_DECAY: f32 = 0.998;
/// Share of the steps in which the learning rate rises.
const WARM_UP: f64 = 0.15;

/// The learning rate of a step: it rises linearly, then follows a cosine to zero.
pub fn rate(highest: f32, step: usize, steps: usize) -> f32 {
    let (step, steps, highest) = (step as f64, steps as f64, f64::from(highest));
    let warm_up = WARM_UP * steps;
    let rate = if step < warm_up {
        highest * (step + 1.0) / warm_up
    } else {
        highest * 0.5 * (1.0 + (std::f64::consts::PI * (step - warm_up) / (steps - warm_up)).cos())
    };
    rate.min(highest) as f32
}

/// SplitMix64: the same numbers for the same seed everywhere.
pub struct Random(u64);

impl Random {
    /// The numbers of an epoch, which depend on nothing that was drawn before.
    pub fn of_epoch(seed: u64, epoch: usize) -> Self {
        Self(seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64))
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        ((u128::from(z) * limit as u128) >> 64) as usize
    }

    /// The numbers below `count` in any order.
    pub fn order(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

/// How pixels become a network's input.
pub struct Normalise {
    pub side: usize,
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
}

impl Normalise {
    /// Appends a picture of `set`, shifted by up to 4 pixels each way over black and flipped half of the time if `random` is given.
    pub fn push(&self, set: &Set, picture: usize, random: Option<&mut Random>, input: &mut Vec<f32>) {
        let (side, len) = (self.side, self.side * self.side * 3);
        let pixels = &set.pixels[picture * len..(picture + 1) * len];
        let (top, left, flip) = match random {
            Some(random) => (random.below(2 * PADDING + 1), random.below(2 * PADDING + 1), random.below(2) == 1),
            None => (PADDING, PADDING, false),
        };
        for (channel, (&mean, &std)) in self.mean.iter().zip(&self.std).enumerate() {
            for row in 0..side {
                for column in 0..side {
                    let column = if flip { side - 1 - column } else { column };
                    let (y, x) = ((row + top).wrapping_sub(PADDING), (column + left).wrapping_sub(PADDING));
                    let level = if y < side && x < side { pixels[(y * side + x) * 3 + channel] } else { 0 };
                    input.push((f32::from(level) / 255.0 - mean) / std);
                }
            }
        }
    }
}

/// Moves the average of a network's tensors towards what they are after `step`; the first ones are the average.
pub fn follow(average: &mut NamedTensors, step: usize, tensors: NamedTensors) {
    let step = step as f32;
    let stays = EMA_DECAY.min((1.0 + step) / (10.0 + step));
    if average.tensors.is_empty() {
        *average = tensors;
        return;
    }
    // Both are in the keys' order.
    for (average, new) in average.tensors.values_mut().zip(tensors.tensors.values()) {
        for (average, &new) in average.values.iter_mut().zip(&new.values) {
            *average += (new - *average) * (1.0 - stays);
        }
    }
}

/// Untrained weights whose blocks begin as their shortcuts: the last batch norm of each has a weight of zero.
pub struct Fresh<T>(pub T);

impl<T: TensorSource> TensorSource for Fresh<T> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        if name.ends_with(".bn3.weight") {
            return Ok(Cow::Owned(vec![0.0; shape.iter().product()]));
        }
        self.0.tensor(name, shape)
    }
}
