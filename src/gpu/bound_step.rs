//! A dispatch with its pipeline and its buffers.

use super::Gpu;
use super::destroy_on_drop::Buffer;
use crate::kernels::{Dispatch, GpuDtype, KernelKey};

/// A dispatch that is ready to be recorded.
#[derive(Debug)]
pub(super) struct BoundStep {
    pipeline: wgpu::ComputePipeline,
    bind_group: wgpu::BindGroup,
    uniform_offset: u32,
    workgroup_count: [u32; 3],
}

impl BoundStep {
    /// Compiles the kernel if it is new, and binds the buffers: `uniforms`, of which the dispatch's own begin at `uniform_offset`,
    /// and then the storage buffers in the order of the shader's bindings. A kernel that writes f16 says in `overflow` whether a value
    /// did not fit.
    pub(super) fn new<'a>(
        gpu: &Gpu,
        label: &str,
        dispatch: &Dispatch,
        (uniforms, uniform_offset): (wgpu::BufferBinding<'a>, u32),
        buffers: &[&'a Buffer],
        overflow: Option<&'a Buffer>,
    ) -> Self {
        let overflow = overflow.filter(|_| dispatch.kernel.output_dtype() == GpuDtype::F16);
        let overflow = overflow.map(|buffer| (buffer.as_entire_binding(), KernelKey::OVERFLOW));
        let entries: Vec<wgpu::BindGroupEntry<'_>> = std::iter::once(wgpu::BindingResource::Buffer(uniforms))
            .chain(buffers.iter().map(|buffer| buffer.as_entire_binding()))
            .zip(0..)
            .chain(overflow)
            .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        let pipeline = gpu.pipeline(&dispatch.kernel);
        let bind_group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(label),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        Self { pipeline, bind_group, uniform_offset, workgroup_count: dispatch.workgroup_count }
    }

    /// Records `repeats` launches.
    pub(super) fn record(&self, pass: &mut wgpu::ComputePass<'_>, repeats: u32) {
        let [x, y, z] = self.workgroup_count;
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.bind_group, &[self.uniform_offset]);
        for _ in 0..repeats {
            pass.dispatch_workgroups(x, y, z);
        }
    }
}
