//! Points and directions in the space of all heads, written by the pictures.

/// A head, or a direction between heads. The weights of a class are the sum of `alpha` times the features of the picture, over all
/// pictures. What a class has per picture lies together: `[classes, pictures]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Vector {
    /// How much of each picture's features is in a class's weights, `[classes, pictures]`.
    pub alpha: Vec<f64>,
    /// Its scores for the pictures themselves, without the bias: `alpha` times the Gram matrix, `[classes, pictures]`.
    pub sums: Vec<f64>,
    /// One per class.
    pub bias: Vec<f64>,
}

impl Vector {
    /// Fills in the scores.
    pub(super) fn new(gram: &[f64], alpha: Vec<f64>, bias: Vec<f64>) -> Self {
        let pictures = alpha.len() / bias.len();
        let mut sums = Vec::with_capacity(alpha.len());
        for of_class in alpha.chunks(pictures) {
            sums.extend(gram.chunks(pictures).map(|row| dot(row, of_class)));
        }
        Self { alpha, sums, bias }
    }

    /// Adds `factor * other`.
    pub(super) fn add(&mut self, factor: f64, other: &Self) {
        let parts = [(&mut self.alpha, &other.alpha), (&mut self.sums, &other.sums), (&mut self.bias, &other.bias)];
        for (to, from) in parts {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
        }
    }

    /// The inner product of the weights and biases themselves, as the Gram matrix gives it.
    pub(super) fn inner(&self, other: &Self) -> f64 {
        dot(&self.alpha, &other.sums) + dot(&self.bias, &other.bias)
    }

    /// Its length as weights and biases. Rounding can make a square that is nearly zero negative.
    pub(super) fn norm(&self) -> f64 {
        self.inner(self).max(0.0).sqrt()
    }
}

/// The sum of products, in four sums that do not wait for each other.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        sums[0] += a[0] * b[0];
        sums[1] += a[1] * b[1];
        sums[2] += a[2] * b[2];
        sums[3] += a[3] * b[3];
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
