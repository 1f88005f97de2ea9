//! Class activation maps: where the network has found what speaks for a class.

use std::rc::Rc;

use super::Classifier;
use crate::error::Error;
use crate::model::{Graph, Op};
use crate::shape::Nchw;
use crate::weights::{WeightError, WeightSource};

/// The class activation maps of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassActivation {
    /// Pictures, maps of each, and the height and width of a map, which are those of the last block.
    pub shape: Nchw,
    /// Row-major. The mean of a map, with the bias of its class, is the class's logit.
    pub values: Vec<f32>,
}

impl Classifier {
    /// The maps of answers (indices as in [`Prediction::index`](super::Prediction::index)) to the pictures that were classified
    /// last; `run` is their [`Classification::run`](super::Classification::run). `None` where the network has run since, or has
    /// no head. The weights are f32 also where the network's are f16.
    ///
    /// # Errors
    /// The head's weights cannot be read, or the device fails.
    pub async fn class_activation(&self, run: u64, answers: &[usize]) -> Result<Option<ClassActivation>, Error> {
        if self.head.borrow().is_none() {
            let weight = head_weight(&self.model, self.graph()).await?;
            *self.head.borrow_mut() = Some(weight.into());
        }
        let head: Rc<[f32]> = self.head.borrow().clone().unwrap_or_default();
        let Some(last) = self.plan().last_block.as_ref().filter(|_| !head.is_empty()) else { return Ok(None) };
        let rows = class_rows(&head, last.shape.c, answers);
        let values = self.engine.class_activation(run, &rows).await?;
        let shape = Nchw { c: answers.len(), ..last.shape };
        Ok(values.map(|values| ClassActivation { shape, values }))
    }
}

/// The weight of the linear layer, `[num_classes, c]`; empty for a network without a head.
///
/// # Errors
/// It is missing or of another shape, or cannot be read.
pub async fn head_weight(source: &dyn WeightSource, graph: &Graph) -> Result<Vec<f32>, WeightError> {
    let linear = graph.layers.iter().find_map(|layer| match layer.op {
        Op::Linear { in_features, out_features, .. } => {
            Some((format!("{}.weight", layer.key), out_features, in_features))
        }
        _ => None,
    });
    let Some((name, out_features, in_features)) = linear else { return Ok(Vec::new()) };
    let tensors = source.fetch(std::slice::from_ref(&name)).await?;
    Ok(tensors.tensor(&name, &[out_features, in_features])?.into_owned())
}

/// The rows of [`head_weight`] that speak for these answers. A network of one logit has one row, for yes; for no it counts
/// against.
pub fn class_rows(head: &[f32], channels: usize, answers: &[usize]) -> Vec<f32> {
    let is_one_logit = head.len() == channels;
    let row = |&answer: &usize| {
        let (class, sign) = match (is_one_logit, answer) {
            (true, 0) => (0, -1.0),
            (true, _) => (0, 1.0),
            (false, class) => (class, 1.0),
        };
        head[class * channels..(class + 1) * channels].iter().map(move |weight| sign * weight)
    };
    answers.iter().flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::class_rows;

    #[test]
    fn rows_of_classes_and_of_one_logit() {
        assert_eq!(class_rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, &[2, 0]), [5.0, 6.0, 1.0, 2.0]);
        assert_eq!(class_rows(&[1.0, -2.0], 2, &[1, 0]), [1.0, -2.0, -1.0, 2.0]);
    }
}
