//! The result of classifying a picture.

use crate::plan::{FEATURES, Outputs};

/// The scores of one picture, and the time of the run that gave them.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// Which of the engine's runs gave it: [`Run::id`](super::Run::id).
    pub run: u64,
    /// The scores before softmax, one per class; none where the network has no head.
    pub logits: Vec<f32>,
    /// The probability of every answer, as [`answers`] gives them; they sum to 1.
    pub probabilities: Vec<f32>,
    /// The [`super::TOP_K`] most probable answers, most probable first.
    pub top_k: Vec<Prediction>,
    /// The outputs of the layers and blocks that [`super::LoadOptions::outputs`] names, for this picture alone; those of a network
    /// without a head have its [`FEATURES`](crate::plan::FEATURES) among them.
    pub outputs: Outputs,
    /// Times of the run; of the whole batch, if there is one.
    pub timing: Timing,
}

impl Classification {
    /// The numbers of the picture before `fc`, one per channel of the last block, as [`crate::teach`] takes them; none unless the
    /// network was loaded with [`LoadOptions::with_features`](super::LoadOptions::with_features), or has no head.
    pub fn features(&self) -> &[f32] {
        self.outputs.values(FEATURES)
    }
}

/// An answer and its probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Index of the class among the logits, from 0; of a network of one logit, 1 for yes and 0 for no.
    pub index: usize,
    /// The class's name, if the network has names for its classes.
    pub label: Option<String>,
    /// 0 to 1.
    pub probability: f32,
}

/// Milliseconds of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// Time from handing over the input to having the outputs.
    pub wall_ms: f64,
    /// Time in compute passes, if the adapter has timestamp queries.
    pub gpu_ms: Option<f64>,
}

/// The probability of every answer, from the [`PROBABILITIES`](crate::plan::PROBABILITIES) of one picture: softmax has one per
/// class. A sigmoid is alone; its complement, the probability of no, is put before it.
pub fn answers(probabilities: Vec<f32>) -> Vec<f32> {
    match probabilities[..] {
        [yes] => vec![1.0 - yes, yes],
        _ => probabilities,
    }
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
