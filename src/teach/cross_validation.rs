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

/// The choice of the L2 under way: [`Problem::l2_search`].
#[derive(Clone, Debug)]
pub struct L2Search {
    /// The next fold to be left out.
    fold: usize,
    folds: usize,
    /// The fold of each picture.
    fold_of: Vec<usize>,
    /// Each L2, and the cross-entropy of the pictures that were left out so far.
    losses: Vec<(f64, f64)>,
}

impl L2Search {
    /// Learns without the next fold, once with each L2; says whether there was one.
    pub fn next_fold(&mut self, problem: &Problem) -> bool {
        if self.folds < 2 || self.fold == self.folds {
            return false;
        }
        let learned: Vec<bool> = self.fold_of.iter().map(|&of| of != self.fold).collect();
        let mut at = problem.nothing();
        for (l2, loss) in &mut self.losses {
            at = problem.fit_to(*l2, &learned, &at).at;
            let left_out = (0..problem.labels.len()).filter(|&picture| !learned[picture]);
            let own = left_out.map(|picture| problem.probability(&at, picture, problem.labels[picture]));
            // A class with one picture is not known where that is left out, and says nothing about the L2.
            *loss += own.filter(|&own| own > 0.0).map(|own| -own.ln()).sum::<f64>();
        }
        self.fold += 1;
        true
    }

    /// The best of all, when every fold has been left out.
    pub fn best(&self) -> f64 {
        let best = self.losses.iter().reduce(|best, next| if next.1 < best.1 { next } else { best });
        best.filter(|_| self.folds > 1).map_or(UNCHOSEN, |best| best.0)
    }
}

impl Problem {
    /// The L2 whose heads find the classes of left-out pictures most probable (the smallest cross-entropy), by stratified
    /// cross-validation. The same pictures in the same order always give the same.
    pub fn choose_l2(&self) -> f64 {
        let mut search = self.l2_search();
        while search.next_fold(self) {}
        search.best()
    }

    /// The same, fold by fold, for those who have other things to do between them.
    pub fn l2_search(&self) -> L2Search {
        let folds = self.counts.iter().copied().max().unwrap_or(0).min(FOLDS);
        let losses = HALF_POWERS.map(|half| (10_f64.powf(f64::from(-half) / 2.0), 0.0)).collect();
        L2Search { fold: 0, folds, fold_of: self.folds(folds), losses }
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
            (next_of[label] - 1) % folds.max(1)
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
