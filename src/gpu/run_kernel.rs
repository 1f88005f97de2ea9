//! One kernel by itself, on values given: what tests and measurements of kernels need.

use super::bound_step::BoundStep;
use super::build::scoped;
use super::destroy_on_drop::Buffer;
use super::{Gpu, GpuError};
use crate::kernels::{Dispatch, KernelKey};

impl Gpu {
    /// Runs one dispatch. `inputs` are the bytes of the shader's bindings but the last; its output of `output_len`
    /// elements is filled with NaN before, so that an element that the kernel leaves out shows.
    ///
    /// # Errors
    /// What the device reports, its compiler's message included.
    pub async fn run_once(
        &self,
        dispatch: &Dispatch,
        inputs: &[&[u8]],
        output_len: usize,
    ) -> Result<Vec<f32>, GpuError> {
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let label = dispatch.kernel.name();
        let buffer = |label: &str, size: usize, usage| {
            let size = size.next_multiple_of(16) as u64;
            Buffer::new(&self.device, label, size, usage | wgpu::BufferUsages::COPY_DST)
        };
        let uniform = buffer("cardinal.kernel.params", dispatch.params.len(), wgpu::BufferUsages::UNIFORM);
        self.queue.write_buffer(&uniform, 0, &dispatch.params);
        let storage = wgpu::BufferUsages::STORAGE;
        let mut buffers = Vec::with_capacity(inputs.len());
        for bytes in inputs {
            let input = buffer("cardinal.kernel.input", bytes.len(), storage);
            self.queue.write_buffer(&input, 0, bytes);
            buffers.push(input);
        }
        let output = buffer("cardinal.kernel.output", 4 * output_len, storage | wgpu::BufferUsages::COPY_SRC);
        self.queue.write_buffer(&output, 0, bytemuck::cast_slice(&vec![f32::NAN; output_len]));

        let bound: Vec<&Buffer> = buffers.iter().chain([&output]).collect();
        let step = BoundStep::new(self, &label, dispatch, (uniform.as_entire_buffer_binding(), 0), &bound);
        let readback = Buffer::readback(&self.device, 4 * output_len as u64);
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some(&label) });
        let mut pass =
            encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some(&label), timestamp_writes: None });
        step.record(&mut pass, 1);
        drop(pass);
        encoder.copy_buffer_to_buffer(&output, 0, &readback, 0, 4 * output_len as u64);
        self.queue.submit([encoder.finish()]);
        if let Some(error) = scope.pop().await {
            return Err(error.into());
        }
        Ok(bytemuck::pod_collect_to_vec(&self.read(&readback).await?))
    }

    /// Compiles a kernel.
    ///
    /// # Errors
    /// The message of the device's compiler.
    pub async fn compile(&self, key: &KernelKey) -> Result<(), GpuError> {
        let outcome = scoped(self, &mut || drop(self.pipeline(key))).await;
        if outcome.is_err() {
            self.forget(key);
        }
        outcome
    }
}
