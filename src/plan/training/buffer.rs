//! The buffers of a training plan.

/// A buffer that a step reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrainingBuffer {
    /// Index into [`TrainingPlan::slots`](super::TrainingPlan::slots).
    Slot(usize),
    /// Index into [`TrainingPlan::parameters`](super::TrainingPlan::parameters).
    Parameter(usize),
    /// What the optimiser remembers of this parameter's gradients.
    Velocity(usize),
    /// Index into [`TrainingPlan::running`](super::TrainingPlan::running).
    Running(usize),
    /// The class of each picture, `[n]`, as u32.
    Labels,
}

/// Tensors that outlive a step and lie one after the other in a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// PyTorch's keys and the shapes, such as `bn1.weight` and `bn1.bias`.
    pub tensors: Vec<(String, Vec<usize>)>,
}

impl State {
    /// Elements of all tensors.
    pub fn len(&self) -> usize {
        self.tensors.iter().map(|(_, shape)| shape.iter().product::<usize>()).sum()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes in f32.
    pub fn bytes(&self) -> usize {
        self.len() * size_of::<f32>()
    }

    /// Where the tensor of this key lies, as a range of elements.
    pub fn range(&self, key: &str) -> Option<std::ops::Range<usize>> {
        let mut start = 0;
        for (known, shape) in &self.tensors {
            let end = start + shape.iter().product::<usize>();
            if known == key {
                return Some(start..end);
            }
            start = end;
        }
        None
    }
}
