//! What a network that learns has on the device.

use crate::gpu::Gpu;
use crate::gpu::destroy_on_drop::Buffer;
use crate::plan::{Launch, Operand, State, TrainingBuffers, TrainingPlan, TrainingStep};

/// The buffers of a training plan, and those that all steps share.
pub(super) struct Buffers {
    pub plan: TrainingBuffers<Buffer>,
    packed: Buffer,
    compact: Buffer,
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
        let operands = || launches.iter().flat_map(|launch| &launch.operands);
        let packed = operands().map(|operand| if let Operand::Packed(len) = operand { *len } else { 0 });
        let compact = operands().map(|operand| if let Operand::Compact(len) = operand { *len } else { 0 });
        let channels = plan.graph.tensors.iter().map(|tensor| tensor.shape.c);
        Self {
            plan: TrainingBuffers {
                slots: plan.slots.iter().map(|&bytes| buffer("slot", bytes)).collect(),
                parameters: states(&plan.parameters),
                velocities: states(&plan.parameters),
                running: states(&plan.running),
                labels: buffer("labels", plan.graph.input_shape().n * size_of::<u32>()),
            },
            packed: buffer("packed", packed.max().unwrap_or(1) * size_of::<f32>()),
            compact: buffer("compact", compact.max().unwrap_or(1) * size_of::<f32>()),
            zeros: buffer("zeros", channels.max().unwrap_or(1) * size_of::<f32>()),
        }
    }

    /// What an operand of a step's launch is.
    pub(super) fn operand(&self, step: &TrainingStep, operand: Operand) -> &Buffer {
        match operand {
            Operand::Read(at) => step.reads.get(at).map_or(&self.zeros, |&buffer| self.plan.get(buffer)),
            Operand::Output => self.plan.get(step.output),
            Operand::Packed(_) => &self.packed,
            Operand::Compact(_) => &self.compact,
            Operand::Zeros => &self.zeros,
        }
    }
}

/// Writes the values of some states.
pub(super) fn write(gpu: &Gpu, buffers: &[Buffer], values: &[Vec<f32>]) {
    for (buffer, values) in buffers.iter().zip(values) {
        gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(values));
    }
}
