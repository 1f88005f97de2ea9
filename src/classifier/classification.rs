//! What the network says of a picture.

use crate::plan::Outputs;

/// Scores of one picture, and how long they took.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// One a class, before softmax.
    pub logits: Vec<f32>,
    /// One a class, summing to 1.
    pub probabilities: Vec<f32>,
    /// The likeliest classes, likeliest first.
    pub top_k: Vec<Prediction>,
    /// What the layers and blocks wrote that [`super::LoadOptions::outputs`] names, for this picture alone.
    pub outputs: Outputs,
    /// How long the run took, the whole batch's where there is one.
    pub timing: Timing,
}

/// A class and its share.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Place of the class among the logits, from 0.
    pub index: usize,
    /// Where the network has names for its classes.
    pub label: Option<String>,
    /// Softmax of the class's logit, 0 to 1.
    pub probability: f32,
}

/// Milliseconds of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// From handing over the input to having the outputs.
    pub wall_ms: f64,
    /// In compute passes, where the adapter tells.
    pub gpu_ms: Option<f64>,
}

/// Indices and values of the `k` largest, largest first; among equal values the lower index comes first.
pub fn top_k(values: &[f32], k: usize) -> Vec<(usize, f32)> {
    let mut top: Vec<(usize, f32)> = Vec::with_capacity(k + 1);
    for (index, &value) in values.iter().enumerate() {
        let place = top.partition_point(|(_, larger)| larger.total_cmp(&value).is_ge());
        if place < k {
            top.insert(place, (index, value));
            top.truncate(k);
        }
    }
    top
}

#[cfg(test)]
mod tests {
    use super::top_k;

    #[test]
    fn top_k_is_largest_first_and_stable() {
        assert_eq!(top_k(&[0.1, 0.5, 0.1, 0.3], 3), [(1, 0.5), (3, 0.3), (0, 0.1)]);
        assert_eq!(top_k(&[1.0], 5), [(0, 1.0)]);
    }
}
