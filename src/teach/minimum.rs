//! The head with the smallest loss, by Newton's method with conjugate gradients.
//!
//! Everything is measured as weights and biases are ([`Vector::inner`]), though only the coefficients of the pictures are ever
//! there. A product with the Gram matrix per step of conjugate gradients is all that it costs: no matrix is inverted.

use super::vector::{Vector, dot};

/// A minimum is where the gradient's length is at most this, times the L2 where that is below 1. Along the weights the loss bends
/// everywhere by at least the L2, so they are then within this of the best ones, in units of [`Problem`](super::Problem)'s scaled
/// features.
pub const GRADIENT: f64 = 1e-6;
/// Newton's method needs some ten steps.
const STEPS: usize = 100;
/// Steps of conjugate gradients towards one step of Newton's.
const INNER_STEPS: usize = 250;

/// Cross-entropy summed over the pictures that are learned, plus `l2 / 2` times the squared length of the weights. Biases are free.
pub(super) struct Objective<'a> {
    /// `[pictures, pictures]`
    pub gram: &'a [f64],
    /// The class of each picture.
    pub labels: &'a [usize],
    pub l2: f64,
    /// Which pictures are learned; the others are only given scores.
    pub learned: &'a [bool],
}

impl Objective<'_> {
    /// The minimum, and the gradient's length there. `start` may be any head; one that is near makes it short.
    pub(super) fn minimum(&self, start: &Vector) -> (Vector, f64) {
        let mut at = self.admitted(start);
        let (mut loss, mut probabilities) = self.loss(&at);
        let mut norm = f64::INFINITY;
        for _ in 0..STEPS {
            let gradient = self.gradient(&at, &probabilities);
            norm = gradient.norm();
            if norm <= GRADIENT * self.l2.min(1.0) {
                break;
            }
            let step = self.newton_step(&probabilities, &gradient, norm);
            let slope = gradient.inner(&step);
            let mut length = 1.0;
            loop {
                let mut next = at.clone();
                next.add(length, &step);
                let (next_loss, next_probabilities) = self.loss(&next);
                // Near the minimum the loss falls by less than its own rounding.
                let allowed = loss + 1e-4 * length * slope + 1e-13 * (1.0 + loss);
                if next_loss <= allowed || length < 1e-6 {
                    (at, loss, probabilities) = (next, next_loss, next_probabilities);
                    break;
                }
                length /= 2.0;
            }
        }
        (at, norm)
    }

    /// `start` without the pictures that are not learned. A class of which no picture is learned gets no score at all: its bias
    /// would fall without end.
    fn admitted(&self, start: &Vector) -> Vector {
        let pictures = self.labels.len();
        let (mut alpha, mut bias) = (start.alpha.clone(), start.bias.clone());
        for (class, bias) in bias.iter_mut().enumerate() {
            let is_learned = self.labels.iter().zip(self.learned).any(|(label, learned)| *learned && *label == class);
            if !is_learned {
                *bias = f64::NEG_INFINITY;
            }
            for (alpha, learned) in alpha[class * pictures..][..pictures].iter_mut().zip(self.learned) {
                if !is_learned || !learned {
                    *alpha = 0.0;
                }
            }
        }
        Vector::new(self.gram, alpha, bias)
    }

    /// The loss, and the probability of each class for each picture, `[classes, pictures]`.
    fn loss(&self, at: &Vector) -> (f64, Vec<f64>) {
        let pictures = self.labels.len();
        let mut probabilities = vec![0.0; at.sums.len()];
        let mut loss = self.l2 / 2.0 * dot(&at.alpha, &at.sums);
        for (picture, &label) in self.labels.iter().enumerate() {
            let scores = || at.bias.iter().enumerate().map(|(class, bias)| at.sums[class * pictures + picture] + bias);
            let peak = scores().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = scores().map(|score| (score - peak).exp()).sum();
            for (class, score) in scores().enumerate() {
                probabilities[class * pictures + picture] = (score - peak).exp() / total;
            }
            if self.learned[picture] {
                loss += total.ln() + peak - at.sums[label * pictures + picture] - at.bias[label];
            }
        }
        (loss, probabilities)
    }

    fn gradient(&self, at: &Vector, probabilities: &[f64]) -> Vector {
        let pictures = self.labels.len();
        let mut alpha: Vec<f64> = at.alpha.iter().map(|alpha| self.l2 * alpha).collect();
        let mut bias = vec![0.0; at.bias.len()];
        for (class, bias) in bias.iter_mut().enumerate() {
            for (picture, &label) in self.labels.iter().enumerate().filter(|(picture, _)| self.learned[*picture]) {
                let index = class * pictures + picture;
                let off = probabilities[index] - f64::from(u8::from(label == class));
                alpha[index] += off;
                *bias += off;
            }
        }
        Vector::new(self.gram, alpha, bias)
    }

    /// How the gradient changes along a direction: the Hessian times `direction`.
    fn curvature(&self, probabilities: &[f64], direction: &Vector) -> Vector {
        let pictures = self.labels.len();
        let mut alpha: Vec<f64> = direction.alpha.iter().map(|alpha| self.l2 * alpha).collect();
        let mut bias = vec![0.0; direction.bias.len()];
        for picture in (0..pictures).filter(|&picture| self.learned[picture]) {
            let change = |class: usize| direction.sums[class * pictures + picture] + direction.bias[class];
            let probability = |class: usize| probabilities[class * pictures + picture];
            let mean: f64 = (0..bias.len()).map(|class| probability(class) * change(class)).sum();
            for (class, bias) in bias.iter_mut().enumerate() {
                let bend = probability(class) * (change(class) - mean);
                alpha[class * pictures + picture] += bend;
                *bias += bend;
            }
        }
        Vector::new(self.gram, alpha, bias)
    }

    /// The direction in which the gradient would vanish if the Hessian stayed as it is; the more exactly, the nearer the minimum.
    fn newton_step(&self, probabilities: &[f64], gradient: &Vector, norm: f64) -> Vector {
        let zero = |values: &Vec<f64>| vec![0.0; values.len()];
        let (alpha, sums, bias) = (zero(&gradient.alpha), zero(&gradient.sums), zero(&gradient.bias));
        let mut step = Vector { alpha, sums, bias };
        let mut residual = step.clone();
        residual.add(-1.0, gradient);
        let mut direction = residual.clone();
        let mut square = norm * norm;
        let enough = square * norm.sqrt().min(0.25).powi(2);
        for _ in 0..INNER_STEPS {
            let curvature = self.curvature(probabilities, &direction);
            let bend = direction.inner(&curvature);
            // Only rounding can make it so.
            if bend <= 0.0 {
                break;
            }
            let length = square / bend;
            step.add(length, &direction);
            residual.add(-length, &curvature);
            let next = residual.inner(&residual).max(0.0);
            if next <= enough {
                break;
            }
            let mut turned = residual.clone();
            turned.add(next / square, &direction);
            (direction, square) = (turned, next);
        }
        step
    }
}
