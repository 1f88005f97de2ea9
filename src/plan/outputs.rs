//! What a run reads back, by name.

use crate::kernels::GpuDtype;
use crate::model::{LOGITS, PROBABILITIES};
use crate::shape::Nchw;

/// A tensor that is read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// One of the graph's own ([`Graph::outputs`](crate::model::Graph::outputs)), or the layer or block that was asked for.
    pub name: String,
    /// Index into [`Plan::slots`](super::Plan::slots).
    pub slot: usize,
    /// The batch first; `h` and `w` are 1 after pooling.
    pub shape: Nchw,
    /// How the GPU stores it. The values of a run are f32.
    pub dtype: GpuDtype,
}

impl Output {
    /// Bytes that the GPU stores.
    pub fn bytes(&self) -> usize {
        self.dtype.bytes(self.shape.len())
    }
}

/// The values of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputTensor {
    /// As in the plan's [`Output`].
    pub name: String,
    /// The batch first; `h` and `w` are 1 after pooling.
    pub shape: Nchw,
    /// Row-major.
    pub values: Vec<f32>,
}

/// The values of a plan's outputs. They are asked for by name: where one lies depends on what else was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outputs(Vec<OutputTensor>);

impl Outputs {
    /// The output of this name.
    pub fn get(&self, name: &str) -> Option<&OutputTensor> {
        self.0.iter().find(|output| output.name == name)
    }

    /// The values of one output, which are none where no output has this name.
    pub fn values(&self, name: &str) -> &[f32] {
        self.get(name).map_or(&[], |output| &output.values)
    }

    /// Every output, in the plan's order.
    pub fn iter(&self) -> std::slice::Iter<'_, OutputTensor> {
        self.0.iter()
    }

    /// The layers and blocks that were asked for, and the features of a network without a head, of the image at index `n` of the
    /// batch alone: logits and probabilities are not among them.
    pub fn extra(&self, n: usize) -> Self {
        let extra = self.0.iter().filter(|output| ![LOGITS, PROBABILITIES].contains(&output.name.as_str()));
        extra.map(|output| output.picture(n)).collect()
    }
}

impl OutputTensor {
    /// The part of the image at index `n` of the batch.
    fn picture(&self, n: usize) -> Self {
        let shape = Nchw { n: 1, ..self.shape };
        Self { name: self.name.clone(), shape, values: self.values[n * shape.len()..][..shape.len()].to_vec() }
    }
}

impl FromIterator<OutputTensor> for Outputs {
    fn from_iter<I: IntoIterator<Item = OutputTensor>>(outputs: I) -> Self {
        Self(outputs.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Outputs {
    type Item = &'a OutputTensor;
    type IntoIter = std::slice::Iter<'a, OutputTensor>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_told_picture_by_picture() {
        let tensor = |name: &str, shape: Nchw| {
            let values = (0..shape.len()).map(|value| value as f32).collect();
            OutputTensor { name: name.to_owned(), shape, values }
        };
        let outputs: Outputs = [
            tensor("layer1.0", Nchw::new(2, 3, 1, 2)),
            tensor(LOGITS, Nchw::new(2, 2, 1, 1)),
            tensor(PROBABILITIES, Nchw::new(2, 2, 1, 1)),
        ]
        .into_iter()
        .collect();
        let second = outputs.extra(1);
        assert_eq!(second.iter().count(), 1);
        let block = second.get("layer1.0").unwrap();
        assert_eq!((block.shape, &block.values[..]), (Nchw::new(1, 3, 1, 2), &[6.0, 7.0, 8.0, 9.0, 10.0, 11.0][..]));
        assert_eq!(outputs.values(LOGITS), [0.0, 1.0, 2.0, 3.0]);
        assert!(outputs.get("layer9.9").is_none() && outputs.values("layer9.9").is_empty());
    }
}
