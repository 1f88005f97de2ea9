//! Features from a generator, and the loss that a head should have least of, written down anew.

use cardinal::teach::{Example, Head, Problem};

use crate::common::prng;

/// Pictures' features with their classes.
pub struct Set {
    pub classes: Vec<String>,
    pub labels: Vec<usize>,
    pub features: Vec<Vec<f32>>,
}

impl Set {
    /// As many pictures of each class as `counts` has, whose features lie `apart` from the other classes', far from zero and in no
    /// particular unit.
    pub fn new(counts: &[usize], features: usize, apart: f64) -> Self {
        let centre = |class: usize| prng::normal(1, &format!("centre {class}"), features, apart);
        let (mut labels, mut rows) = (Vec::new(), Vec::new());
        // The classes' pictures in turn.
        for at in 0..counts.iter().copied().max().unwrap() {
            for class in (0..counts.len()).filter(|&class| at < counts[class]) {
                let noise = prng::normal(2, &format!("picture {at} of {class}"), features, 1.0);
                labels.push(class);
                rows.push(
                    centre(class).iter().zip(noise).map(|(centre, noise)| 40.0 + 3.0 * (centre + noise)).collect(),
                );
            }
        }
        Self { classes: names(counts.len()), labels, features: rows }
    }

    pub fn examples(&self) -> Vec<Example<'_>> {
        self.labels.iter().zip(&self.features).map(|(&class, features)| Example { class, features }).collect()
    }

    pub fn problem(&self) -> Problem {
        Problem::new(&self.classes, &self.examples()).expect("pictures of every class")
    }

    /// The pictures for which `keep` holds, by index.
    pub fn subset(&self, keep: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.labels.len()).filter(|&picture| keep(picture)).collect();
        Self {
            classes: self.classes.clone(),
            labels: kept.iter().map(|&picture| self.labels[picture]).collect(),
            features: kept.iter().map(|&picture| self.features[picture].clone()).collect(),
        }
    }

    /// The classes that have pictures, as indices, and the same pictures as a set of these classes alone.
    pub fn of_its_classes(&self) -> (Vec<usize>, Self) {
        let known: Vec<usize> = (0..self.classes.len()).filter(|class| self.labels.contains(class)).collect();
        let label = |label: &usize| known.iter().position(|class| class == label).unwrap();
        let labels = self.labels.iter().map(label).collect();
        let set = Self { classes: names(known.len()), labels, features: self.features.clone() };
        (known, set)
    }

    /// The mean of the squared distances from the mean: an L2 for features as they are scaled is this many times larger for
    /// features as they come.
    pub fn square(&self) -> f64 {
        let (pictures, features) = (self.features.len() as f64, self.features[0].len());
        let mean = |feature: usize| self.features.iter().map(|row| f64::from(row[feature])).sum::<f64>() / pictures;
        let mean: Vec<f64> = (0..features).map(mean).collect();
        let squares =
            self.features.iter().flat_map(|row| row.iter().zip(&mean).map(|(&x, m)| (f64::from(x) - m).powi(2)));
        squares.sum::<f64>() / pictures
    }

    /// Cross-entropy of all pictures and the L2, from its definition; `weight` is `[classes, features]`.
    pub fn loss(&self, l2: f64, weight: &[f64], bias: &[f64]) -> f64 {
        let own = self.labels.iter().zip(&self.features);
        let cross_entropy: f64 = own.map(|(&label, row)| -probabilities(weight, bias, row)[label].ln()).sum();
        cross_entropy + l2 * self.square() / 2.0 * weight.iter().map(|weight| weight * weight).sum::<f64>()
    }

    /// The gradient of [`Set::loss`]: of the weights, then of the biases.
    pub fn gradient(&self, l2: f64, weight: &[f64], bias: &[f64]) -> Vec<f64> {
        let features = self.features[0].len();
        let mut gradient: Vec<f64> = weight.iter().map(|weight| l2 * self.square() * weight).collect();
        gradient.extend(vec![0.0; bias.len()]);
        for (&label, row) in self.labels.iter().zip(&self.features) {
            for (class, probability) in probabilities(weight, bias, row).into_iter().enumerate() {
                let off = probability - if class == label { 1.0 } else { 0.0 };
                let of_class = &mut gradient[class * features..][..features];
                of_class.iter_mut().zip(row).for_each(|(gradient, &x)| *gradient += off * f64::from(x));
                gradient[weight.len() + class] += off;
            }
        }
        gradient
    }
}

pub fn names(count: usize) -> Vec<String> {
    (0..count).map(|class| format!("class {class}")).collect()
}

/// Softmax of the scores of a picture.
pub fn probabilities(weight: &[f64], bias: &[f64], row: &[f32]) -> Vec<f64> {
    let rows = weight.chunks(row.len()).zip(bias);
    let scores: Vec<f64> =
        rows.map(|(weight, bias)| weight.iter().zip(row).map(|(w, &x)| w * f64::from(x)).sum::<f64>() + bias).collect();
    let peak = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = scores.iter().map(|score| (score - peak).exp()).sum();
    scores.iter().map(|score| (score - peak).exp() / total).collect()
}

/// A head's numbers in f64.
pub fn wide(head: &Head) -> [Vec<f64>; 2] {
    [&head.weight, &head.bias].map(|values| values.iter().map(|&value| value.into()).collect())
}
