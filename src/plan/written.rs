//! Where a tensor is while a run goes on: activations take turns in the slots, so each is there only from the step that writes it
//! until another is written over it.

use super::{BufferRef, Output, Plan, PlanError, Step, UploadKind};

/// A tensor, and the step after which its slot holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Index into [`Plan::steps`] of the last step that writes it.
    pub step: usize,
    /// Its name as it was asked for, its slot and its shape.
    pub output: Output,
}

impl Plan {
    /// Where the output of the layer or block of this name, such as `layer2.1.bn1` or `layer2.1`, is during a run.
    ///
    /// # Errors
    /// A name that the graph does not have, or a tensor that is never in memory: it lies between layers that one step computes.
    pub fn written(&self, name: &str) -> Result<Written, PlanError> {
        let graph = &self.graph;
        let tensor = graph.tensor_named(name).ok_or_else(|| PlanError::UnknownOutput(name.to_owned()))?;
        // The layers of a step are in order, and the last of them writes. A concatenation has several steps.
        let last = |layers: &[usize]| layers.last().map(|&layer| &graph.layers[layer]);
        let writes = |step: &Step| last(&step.layers).is_some_and(|layer| layer.output == tensor);
        let step = self.steps.iter().rposition(|step| writes(step) && self.scaled_for(step).is_none());
        let found = step.and_then(|step| match self.steps[step].buffers.last() {
            Some(&BufferRef::Slot(slot)) => Some((step, slot)),
            _ => None,
        });
        let Some((step, slot)) = found else {
            let within = self.steps.iter().find(|step| step.layers.iter().any(|&at| graph.layers[at].output == tensor));
            let instead = within.and_then(|step| match self.scaled_for(step) {
                Some(norm) => Some(&graph.layers[norm]),
                None => last(&step.layers),
            });
            let instead = instead.map(|layer| layer.name.clone());
            return Err(PlanError::NotWritten { name: name.to_owned(), instead: instead.unwrap_or_default() });
        };
        let (shape, dtype) = (graph.tensors[tensor].shape, self.options.dtype(graph, tensor));
        let output = Output { name: name.to_owned(), slot, shape, dtype };
        Ok(Written { step, output })
    }

    /// The batch norm that is in the weights of a step and that a later step completes, as in form A: what the step writes is
    /// scaled, and no tensor of the graph.
    fn scaled_for(&self, step: &Step) -> Option<usize> {
        let upload = self.uploads.iter().find(|upload| step.buffers.contains(&BufferRef::Weight(upload.targets[0])));
        match upload?.kind {
            UploadKind::Convolution { batch_norm, .. } => batch_norm.filter(|norm| !step.layers.contains(norm)),
            _ => None,
        }
    }
}
