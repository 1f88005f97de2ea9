//! What a network has on the device: its buffers, and its steps with the buffers they are bound to.

use super::Gpu;
use super::bound_step::BoundStep;
use super::destroy_on_drop::Buffer;
use crate::kernels::HAS_F16_ACTIVATIONS;
use crate::plan::{BufferRef, Plan, WeightBuffer};

/// Bytes of what a kernel says of values outside of f16.
pub(super) const OVERFLOW_BYTES: u64 = if HAS_F16_ACTIVATIONS { 4 } else { 0 };

/// Everything a network has on the device but its pipelines.
#[derive(Debug)]
pub(super) struct Buffers {
    pub slots: Vec<Buffer>,
    pub weights: Vec<Buffer>,
    /// Whether a value was outside of f16.
    pub overflow: Option<Buffer>,
    uniforms: Buffer,
    /// Bytes from one step's uniforms to the next one's.
    stride: usize,
}

impl Buffers {
    pub(super) fn allocate(gpu: &Gpu, plan: &Plan) -> Self {
        let storage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST;
        let slot = |(slot, &bytes): (usize, &usize)| {
            let label = format!("cardinal.activation.{slot}");
            Buffer::new(&gpu.device, &label, bytes as u64, storage | wgpu::BufferUsages::COPY_SRC)
        };
        let weight = |weight: &WeightBuffer| {
            Buffer::new(&gpu.device, &format!("cardinal.{}", weight.label), weight.bytes() as u64, storage)
        };
        let align = gpu.device.limits().min_uniform_buffer_offset_alignment as usize;
        let stride =
            plan.steps.iter().map(|step| step.dispatch.params.len()).max().unwrap_or(4).next_multiple_of(align);
        let mut params = vec![0; stride * plan.steps.len()];
        for (step, target) in plan.steps.iter().zip(params.chunks_exact_mut(stride)) {
            target[..step.dispatch.params.len()].copy_from_slice(&step.dispatch.params);
        }
        let uniform_usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        let uniforms = Buffer::new(&gpu.device, "cardinal.uniforms", params.len() as u64, uniform_usage);
        gpu.queue.write_buffer(&uniforms, 0, &params);
        let overflow = HAS_F16_ACTIVATIONS.then(|| {
            let usage = storage | wgpu::BufferUsages::COPY_SRC;
            Buffer::new(&gpu.device, "cardinal.overflow", OVERFLOW_BYTES, usage)
        });
        Self {
            overflow,
            slots: plan.slots.iter().enumerate().map(slot).collect(),
            weights: plan.weights.iter().map(weight).collect(),
            uniforms,
            stride,
        }
    }

    /// Copies what the kernels say of values outside of f16.
    pub(super) fn copy_overflow(&self, encoder: &mut wgpu::CommandEncoder, readback: &wgpu::Buffer, offset: u64) {
        if let Some(overflow) = self.overflow.as_ref().filter(|_| HAS_F16_ACTIVATIONS) {
            encoder.copy_buffer_to_buffer(overflow, 0, readback, offset, OVERFLOW_BYTES);
        }
    }

    /// A step's pipeline, compiled where it is new, and its bind group.
    pub(super) fn bind(&self, gpu: &Gpu, plan: &Plan, index: usize) -> BoundStep {
        let step = &plan.steps[index];
        let buffers = step.buffers.iter().map(|&reference| match reference {
            BufferRef::Slot(slot) => &self.slots[slot],
            BufferRef::Weight(weight) => &self.weights[weight],
        });
        let uniform = wgpu::BufferBinding {
            buffer: &self.uniforms,
            offset: 0,
            size: wgpu::BufferSize::new(step.dispatch.params.len().next_multiple_of(16).min(self.stride) as u64),
        };
        let offset = (index * self.stride) as u32;
        let label = format!("cardinal.{}", step.label);
        let buffers: Vec<&Buffer> = buffers.collect();
        BoundStep::new(gpu, &label, &step.dispatch, (uniform, offset), &buffers, self.overflow.as_ref())
    }
}
