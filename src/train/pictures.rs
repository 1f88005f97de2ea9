//! The pictures that a network is trained and tested on, and how their pixels become its input.

use super::TrainError;
use super::random::Random;

/// Pixels of black around a picture before it is cropped.
const PADDING: usize = 4;
/// Random numbers that a crop and a flip take.
pub(super) const NUMBERS: usize = 3;
/// Where no pictures are given for the test, every so many of a class are kept for it.
pub const KEPT: usize = 10;

/// Pictures of one size with their classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// `[count, side, side, 3]`
    pub pixels: Vec<u8>,
    /// Index of the class of each.
    pub labels: Vec<u32>,
}

/// A data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// What a network that was trained on it names.
    pub name: String,
    /// The classes' names.
    pub classes: Vec<String>,
    /// Width and height of every picture, in pixels.
    pub side: usize,
    /// What is learned from.
    pub train: Set,
    /// What is never learned from.
    pub test: Set,
}

impl Set {
    /// Adds a picture, `[side, side, 3]`.
    pub fn push(&mut self, pixels: &[u8], class: usize) {
        self.pixels.extend_from_slice(pixels);
        self.labels.push(class as u32);
    }

    /// Pictures.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// Keeps the first `per_class` pictures of each class, which are `side` pixels wide.
    pub fn limit(&mut self, per_class: usize, side: usize) {
        let mut seen = Vec::new();
        let mut keep = |label: u32| {
            seen.resize(seen.len().max(label as usize + 1), 0);
            seen[label as usize] += 1;
            seen[label as usize] <= per_class
        };
        let kept: Vec<bool> = self.labels.iter().map(|&label| keep(label)).collect();
        let pictures = self.pixels.chunks_exact(side * side * 3).zip(&kept);
        self.pixels = pictures.filter(|(_, kept)| **kept).flat_map(|(picture, _)| picture).copied().collect();
        let mut kept = kept.into_iter();
        self.labels.retain(|_| kept.next() == Some(true));
    }
}

impl Pictures {
    /// Whether a network can be trained on them and tested.
    ///
    /// # Errors
    /// [`TrainError::Pictures`] where there are less than two classes, or no picture to train on or to test on.
    pub fn check(&self) -> Result<(), TrainError> {
        let (classes, trained, tested) = (self.classes.len(), self.train.count(), self.test.count());
        if classes < 2 || trained == 0 || tested == 0 {
            return Err(TrainError::Pictures { name: self.name.clone(), classes, trained, tested });
        }
        Ok(())
    }
}

/// How pixels become a network's input.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalise {
    /// Width and height in pixels.
    pub side: usize,
    /// Subtracted from each channel of levels from 0 to 1.
    pub mean: Vec<f32>,
    /// The divisor of each channel after that.
    pub std: Vec<f32>,
}

impl Normalise {
    /// Appends a picture as it is.
    pub fn push(&self, set: &Set, picture: usize, input: &mut Vec<f32>) {
        self.push_moved(set, picture, (PADDING, PADDING, false), input);
    }

    /// Appends a picture, shifted by up to 4 pixels each way over black and flipped half of the time.
    pub(super) fn push_random(&self, set: &Set, picture: usize, random: &mut Random, input: &mut Vec<f32>) {
        let moved = (random.below(2 * PADDING + 1), random.below(2 * PADDING + 1), random.below(2) == 1);
        self.push_moved(set, picture, moved, input);
    }

    fn push_moved(&self, set: &Set, picture: usize, moved: (usize, usize, bool), input: &mut Vec<f32>) {
        let (top, left, flip) = moved;
        let (side, len) = (self.side, self.side * self.side * 3);
        let pixels = &set.pixels[picture * len..(picture + 1) * len];
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
