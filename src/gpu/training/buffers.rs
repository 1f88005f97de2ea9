//! What a network that learns has on the device.

use crate::gpu::destroy_on_drop::Buffer;
use crate::gpu::{Gpu, GpuError};
use crate::plan::{Launch, Operand, State, TrainingBuffer, TrainingPlan, TrainingStep};
use crate::weights::{TensorSource, WeightError};

/// The buffers of a training plan, and those that all steps share.
pub(super) struct Buffers {
    pub slots: Vec<Buffer>,
    pub parameters: Vec<Buffer>,
    pub velocities: Vec<Buffer>,
    pub running: Vec<Buffer>,
    labels: Buffer,
    packed: Buffer,
    zeros: Buffer,
}

impl Buffers {
    /// Allocates them; nothing is in them but zeros.
    pub(super) fn allocate(gpu: &Gpu, plan: &TrainingPlan, launches: &[Launch]) -> Self {
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
        // Kernels read packed weights four at a time.
        let buffer = |label: &str, bytes: usize| {
            let label = format!("cardinal.training.{label}");
            Buffer::new(&gpu.device, &label, bytes.next_multiple_of(16) as u64, usage)
        };
        let states = |states: &[State]| states.iter().map(|state| buffer(&state.tensors[0].0, state.bytes())).collect();
        let packed = launches.iter().flat_map(|launch| &launch.operands).map(|operand| match operand {
            Operand::Packed(len) => *len,
            _ => 0,
        });
        let channels = plan.graph.tensors.iter().map(|tensor| tensor.shape.c);
        Self {
            slots: plan.slots.iter().map(|&bytes| buffer("slot", bytes)).collect(),
            parameters: states(&plan.parameters),
            velocities: states(&plan.parameters),
            running: states(&plan.running),
            labels: buffer("labels", plan.graph.input_shape().n * size_of::<u32>()),
            packed: buffer("packed", packed.max().unwrap_or(1) * size_of::<f32>()),
            zeros: buffer("zeros", channels.max().unwrap_or(1) * size_of::<f32>()),
        }
    }

    /// Writes the labels of a batch.
    pub(super) fn write_labels(&self, gpu: &Gpu, labels: &[u32]) {
        gpu.queue.write_buffer(&self.labels, 0, bytemuck::cast_slice(labels));
    }

    /// What an operand of a step's launch is.
    pub(super) fn operand(&self, step: &TrainingStep, operand: Operand) -> &Buffer {
        match operand {
            Operand::Read(at) => step.reads.get(at).map_or(&self.zeros, |&buffer| self.get(buffer)),
            Operand::Output => self.get(step.output),
            Operand::Packed(_) => &self.packed,
            Operand::Zeros => &self.zeros,
        }
    }

    fn get(&self, buffer: TrainingBuffer) -> &Buffer {
        match buffer {
            TrainingBuffer::Slot(at) => &self.slots[at],
            TrainingBuffer::Parameter(at) => &self.parameters[at],
            TrainingBuffer::Velocity(at) => &self.velocities[at],
            TrainingBuffer::Running(at) => &self.running[at],
            TrainingBuffer::Labels => &self.labels,
        }
    }
}

/// Writes the tensors of some states.
pub(super) fn upload(
    gpu: &Gpu,
    states: &[State],
    buffers: &[Buffer],
    source: &dyn TensorSource,
) -> Result<(), WeightError> {
    for (state, buffer) in states.iter().zip(buffers) {
        let mut values = Vec::with_capacity(state.len());
        for (key, shape) in &state.tensors {
            values.extend_from_slice(&source.tensor(key, shape)?);
        }
        gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(&values));
    }
    Ok(())
}

/// Every buffer of the plan within the device's limits.
pub(super) fn fits(gpu: &Gpu, plan: &TrainingPlan) -> Result<(), GpuError> {
    let limits = gpu.device.limits();
    let got = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    let needed = plan.slots.iter().copied().chain(plan.parameters.iter().map(State::bytes)).max().unwrap_or(0) as u64;
    match needed > got {
        true => Err(GpuError::LimitsTooSmall { what: "a buffer", needed, got }),
        false => Ok(()),
    }
}
