//! How well it would answer for pictures that it has not learned from: the choice of the L2, and each picture left out in turn.

use super::problem::{Fit, Problem};
use super::vector::Vector;

/// The parts that the pictures are cut into for the choice of the L2, where the largest class has as many pictures.
pub const FOLDS: usize = 5;
/// A class with fewer pictures than this should get more ([`Problem::small_classes`]): not every fold has one of them.
pub const SUGGESTED_PICTURES: usize = FOLDS;
/// Half powers of ten from 100 down to 0.001: the largest learns little more than how often a class occurs, and the smallest learns
/// every picture by heart. From large to small, because each starts from the one before.
const HALF_POWERS: std::ops::RangeInclusive<i32> = -4..=6;
/// Where no class has two pictures, nothing can be left out to choose by.
const UNCHOSEN: f64 = 0.1;

/// What a picture is taken for by a head that has learned from all others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeftOut {
    /// Index of the most probable class.
    pub answer: usize,
    /// Its probability.
    pub probability: f64,
    /// Whether it is the picture's own class. Where that has no other picture, it cannot be.
    pub is_right: bool,
}

impl Problem {
    /// The L2 whose heads find the classes of left-out pictures most probable (the smallest cross-entropy), by stratified
    /// cross-validation. The same pictures in the same order always give the same.
    pub fn choose_l2(&self) -> f64 {
        let folds = self.counts.iter().copied().max().unwrap_or(0).min(FOLDS);
        if folds < 2 {
            return UNCHOSEN;
        }
        let fold_of = self.folds(folds);
        let mut losses = HALF_POWERS.map(|half| (10_f64.powf(f64::from(-half) / 2.0), 0.0)).collect::<Vec<_>>();
        for fold in 0..folds {
            let learned: Vec<bool> = fold_of.iter().map(|&of| of != fold).collect();
            let mut at = self.nothing();
            for (l2, loss) in &mut losses {
                at = self.fit_to(*l2, &learned, &at).at;
                let left_out = (0..self.labels.len()).filter(|&picture| !learned[picture]);
                let own = left_out.map(|picture| self.probability(&at, picture, self.labels[picture]));
                // A class with one picture is not known where that is left out, and says nothing about the L2.
                *loss += own.filter(|&own| own > 0.0).map(|own| -own.ln()).sum::<f64>();
            }
        }
        let best = losses.iter().reduce(|best, next| if next.1 < best.1 { next } else { best });
        best.map_or(UNCHOSEN, |best| best.0)
    }

    /// What a picture is taken for if all others are learned, with the L2 of `fit`: nothing is estimated, it is learned anew,
    /// which is quick from `fit` on.
    pub fn left_out(&self, fit: &Fit, picture: usize) -> LeftOut {
        let learned: Vec<bool> = (0..self.labels.len()).map(|other| other != picture).collect();
        let at = self.fit_to(fit.l2, &learned, &fit.at).at;
        let probabilities = (0..self.counts.len()).map(|class| self.probability(&at, picture, class));
        let best = probabilities.enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best });
        let (answer, probability) = best.unwrap_or_default();
        LeftOut { answer, probability, is_right: answer == self.labels[picture] }
    }

    /// The classes with fewer than [`SUGGESTED_PICTURES`] pictures, by index, each with how many it has.
    pub fn small_classes(&self) -> Vec<(usize, usize)> {
        let counts = self.counts.iter().copied().enumerate();
        counts.filter(|&(_, count)| count < SUGGESTED_PICTURES).collect()
    }

    /// The fold of each picture: class by class, the next picture of a class goes into the next fold.
    fn folds(&self, folds: usize) -> Vec<usize> {
        let mut next_of: Vec<usize> =
            self.counts.iter().scan(0, |sum, &count| Some(std::mem::replace(sum, *sum + count))).collect();
        let fold = |&label: &usize| {
            next_of[label] += 1;
            (next_of[label] - 1) % folds
        };
        self.labels.iter().map(fold).collect()
    }

    fn probability(&self, at: &Vector, picture: usize, class: usize) -> f64 {
        let pictures = self.labels.len();
        let score = |class: usize| at.sums[class * pictures + picture] + at.bias[class];
        let total: f64 = (0..self.counts.len()).map(|other| (score(other) - score(class)).exp()).sum();
        // A class that is not known has the score minus infinity, and all others are infinitely far above it.
        if total.is_nan() { 0.0 } else { 1.0 / total }
    }
}
