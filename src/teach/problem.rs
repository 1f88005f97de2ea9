//! What is to be learned, and the head that is learned from it.

use super::TeachError;
use super::minimum::Objective;
use super::vector::{Vector, dot};

/// A picture with its class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Example<'a> {
    /// Index of its class.
    pub class: usize,
    /// The numbers that the network has for it before `fc`.
    pub features: &'a [f32],
}

/// The pictures that are learned from, as their features' products.
///
/// Features are centred, and divided by one number so that the mean of their squared lengths is 1, which makes the L2 mean
/// the same for every network. Biases are free, so centring changes no result; it keeps the numbers small.
pub struct Problem {
    pub(super) labels: Vec<usize>,
    /// Pictures of each class.
    pub(super) counts: Vec<usize>,
    /// `[pictures, features]`
    scaled: Vec<f64>,
    mean: Vec<f64>,
    scale: f64,
    /// `[pictures, pictures]`
    gram: Vec<f64>,
}

/// What was learned with one L2.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The L2: scikit-learn's `1 / C`, for the features as they are scaled here.
    pub l2: f64,
    /// The length of the gradient there.
    pub gradient: f64,
    pub(super) at: Vector,
}

/// The linear layer of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// `fc.weight`, `[classes, features]`.
    pub weight: Vec<f32>,
    /// `fc.bias`, one per class.
    pub bias: Vec<f32>,
}

impl Problem {
    /// Prepares what is learned from: one name per class, and the pictures in any order.
    ///
    /// # Errors
    /// [`TeachError`] for fewer than two classes, a class without a picture or one that has no name, and for features that do not
    /// fit together or are not finite.
    pub fn new(classes: &[String], examples: &[Example<'_>]) -> Result<Self, TeachError> {
        if classes.len() < 2 {
            return Err(TeachError::Classes { got: classes.len() });
        }
        let features = examples.first().map_or(0, |example| example.features.len());
        let mut counts = vec![0; classes.len()];
        for (picture, &Example { class, features: values }) in examples.iter().enumerate() {
            let Some(count) = counts.get_mut(class) else {
                return Err(TeachError::UnknownClass { picture, class, classes: classes.len() });
            };
            *count += 1;
            if values.len() != features {
                return Err(TeachError::Features { picture, expected: features, got: values.len() });
            }
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                return Err(TeachError::NotFinite { picture, index });
            }
        }
        if let Some(empty) = counts.iter().position(|&count| count == 0) {
            return Err(TeachError::EmptyClass { class: classes[empty].clone() });
        }
        let pictures = examples.len();
        let mut mean = vec![0.0; features];
        for example in examples {
            mean.iter_mut().zip(example.features).for_each(|(mean, &value)| *mean += f64::from(value));
        }
        mean.iter_mut().for_each(|mean| *mean /= pictures as f64);
        let centred = |example: &Example<'_>| {
            example.features.iter().zip(&mean).map(|(&value, mean)| f64::from(value) - mean).collect::<Vec<f64>>()
        };
        let mut scaled: Vec<f64> = examples.iter().flat_map(centred).collect();
        let square = dot(&scaled, &scaled) / pictures as f64;
        // Pictures that are all the same, or have no features, have nothing to be scaled.
        let scale = if square > 0.0 { square.sqrt() } else { 1.0 };
        scaled.iter_mut().for_each(|value| *value /= scale);
        let row = |picture: usize| &scaled[picture * features..][..features];
        let mut gram = vec![0.0; pictures * pictures];
        for one in 0..pictures {
            for two in 0..=one {
                let product = dot(row(one), row(two));
                gram[one * pictures + two] = product;
                gram[two * pictures + one] = product;
            }
        }
        let labels = examples.iter().map(|example| example.class).collect();
        Ok(Self { labels, counts, scaled, mean, scale, gram })
    }

    /// Learns from all pictures.
    pub fn fit(&self, l2: f64) -> Fit {
        self.fit_to(l2, &vec![true; self.labels.len()], &self.nothing())
    }

    /// The head as a network has it, for features as they come.
    pub fn head(&self, fit: &Fit) -> Head {
        let (pictures, features) = (self.labels.len(), self.mean.len());
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for (class, &own) in fit.at.bias.iter().enumerate() {
            let mut row = vec![0.0; features];
            for picture in 0..pictures {
                let factor = fit.at.alpha[class * pictures + picture] / self.scale;
                let scaled = &self.scaled[picture * features..][..features];
                row.iter_mut().zip(scaled).for_each(|(weight, value)| *weight += factor * value);
            }
            bias.push((own - dot(&row, &self.mean)) as f32);
            weight.extend(row.iter().map(|&value| value as f32));
        }
        Head { weight, bias }
    }

    /// Learns from some of the pictures, from `start` on.
    pub(super) fn fit_to(&self, l2: f64, learned: &[bool], start: &Vector) -> Fit {
        let objective = Objective { gram: &self.gram, labels: &self.labels, l2, learned };
        let (at, gradient) = objective.minimum(start);
        Fit { l2, gradient, at }
    }

    /// The head that answers every class alike.
    pub(super) fn nothing(&self) -> Vector {
        let (pictures, classes) = (self.labels.len(), self.counts.len());
        let zeros = vec![0.0; pictures * classes];
        Vector { alpha: zeros.clone(), sums: zeros, bias: vec![0.0; classes] }
    }
}
