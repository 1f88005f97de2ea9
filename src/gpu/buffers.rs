//! What a network has on the device: its buffers, and its steps with the buffers they are bound to.

use super::Gpu;
use super::owned::Buffer;
use crate::plan::{BufferRef, Plan, WeightBuffer};

/// Everything a network has on the device but its pipelines.
#[derive(Debug)]
pub(super) struct Buffers {
    pub slots: Vec<Buffer>,
    pub weights: Vec<Buffer>,
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
        Self {
            slots: plan.slots.iter().enumerate().map(slot).collect(),
            weights: plan.weights.iter().map(weight).collect(),
            uniforms,
            stride,
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
        let entries: Vec<wgpu::BindGroupEntry<'_>> = std::iter::once(wgpu::BindingResource::Buffer(uniform))
            .chain(buffers.map(|buffer| buffer.as_entire_binding()))
            .zip(0..)
            .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        let pipeline = gpu.pipeline(&step.dispatch.kernel);
        let bind_group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(&format!("cardinal.{}", step.label)),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        let workgroup_count = step.dispatch.workgroup_count;
        BoundStep { pipeline, bind_group, uniform_offset: (index * self.stride) as u32, workgroup_count }
    }
}

/// A dispatch with all it needs.
#[derive(Debug)]
pub(super) struct BoundStep {
    pub pipeline: wgpu::ComputePipeline,
    pub bind_group: wgpu::BindGroup,
    pub uniform_offset: u32,
    pub workgroup_count: [u32; 3],
}

impl BoundStep {
    pub(super) fn record(&self, pass: &mut wgpu::ComputePass<'_>) {
        let [x, y, z] = self.workgroup_count;
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.bind_group, &[self.uniform_offset]);
        pass.dispatch_workgroups(x, y, z);
    }
}
