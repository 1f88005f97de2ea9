//! One kernel by itself: on values given, which tests and measurements of kernels need, or on buffers that are on the device.

use super::bound_step::BoundStep;
use super::buffers::OVERFLOW_BYTES;
use super::build::scoped;
use super::destroy_on_drop::Buffer;
use super::engine::did_overflow;
use super::{Gpu, GpuError};
use crate::kernels::{Dispatch, GpuDtype, HAS_F16_ACTIVATIONS, KernelKey};

/// A dispatch, the buffers of its shader's bindings but the last, and what its output holds before.
pub(super) struct Launch<'a> {
    pub dispatch: &'a Dispatch,
    pub inputs: Vec<&'a Buffer>,
    pub output: &'a [f32],
}

impl Launch<'_> {
    /// Bytes that are read back of it.
    fn bytes(&self) -> usize {
        self.dispatch.kernel.output_dtype().bytes(self.output.len()) + OVERFLOW_BYTES as usize
    }
}

/// A buffer with these values, which may be NaN.
fn as_stored(dtype: GpuDtype, values: &[f32]) -> Vec<u8> {
    match dtype {
        GpuDtype::F32 => bytemuck::cast_slice(values).to_vec(),
        GpuDtype::F16 => {
            let mut bytes: Vec<u8> =
                values.iter().flat_map(|&value| half::f16::from_f32(value).to_le_bytes()).collect();
            bytes.resize(dtype.bytes(values.len()), 0);
            bytes
        }
    }
}

impl Gpu {
    /// Runs one dispatch. `inputs` are the bytes of the shader's bindings but the last; its output of `output_len`
    /// elements is filled with NaN before, so that an element that the kernel leaves out shows. All of it is NaN where a value was
    /// outside of the f16 that the kernel writes.
    ///
    /// # Errors
    /// What the device reports, its compiler's message included.
    pub async fn run_once(
        &self,
        dispatch: &Dispatch,
        inputs: &[&[u8]],
        output_len: usize,
    ) -> Result<Vec<f32>, GpuError> {
        self.run_in_place(dispatch, inputs, &vec![f32::NAN; output_len]).await
    }

    /// Runs one dispatch whose output holds `output` before.
    ///
    /// # Errors
    /// As [`Gpu::run_once`].
    pub async fn run_in_place(
        &self,
        dispatch: &Dispatch,
        inputs: &[&[u8]],
        output: &[f32],
    ) -> Result<Vec<f32>, GpuError> {
        let mut buffers = Vec::new();
        let filled = scoped(self, &mut || buffers = inputs.iter().map(|bytes| self.filled(bytes)).collect());
        filled.await?;
        self.run_from(dispatch, &buffers.iter().collect::<Vec<_>>(), output).await
    }

    /// Runs one dispatch on buffers that are on the device: those of the shader's bindings but the last.
    ///
    /// # Errors
    /// As [`Gpu::run_once`].
    pub(super) async fn run_on(
        &self,
        dispatch: &Dispatch,
        inputs: &[&Buffer],
        output_len: usize,
    ) -> Result<Vec<f32>, GpuError> {
        self.run_from(dispatch, inputs, &vec![f32::NAN; output_len]).await
    }

    async fn run_from(&self, dispatch: &Dispatch, inputs: &[&Buffer], output: &[f32]) -> Result<Vec<f32>, GpuError> {
        let inputs = inputs.to_vec();
        let mut outputs = self.run_each(&[Launch { dispatch, inputs, output }]).await?;
        Ok(outputs.pop().unwrap_or_default())
    }

    /// Runs each dispatch, all in one submission, and gives their outputs.
    ///
    /// # Errors
    /// As [`Gpu::run_once`].
    pub(super) async fn run_each(&self, launches: &[Launch<'_>]) -> Result<Vec<Vec<f32>>, GpuError> {
        if launches.is_empty() {
            return Ok(Vec::new());
        }
        let bytes: usize = launches.iter().map(Launch::bytes).sum();
        let readback = Buffer::readback(&self.device, bytes as u64);
        let submitted = scoped(self, &mut || {
            let mut encoder =
                self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("cardinal.kernel") });
            let (mut offset, mut kept) = (0, Vec::new());
            for Launch { dispatch, inputs, output } in launches {
                let label = dispatch.kernel.name();
                let uniform = self.buffer("cardinal.kernel.params", &dispatch.params, wgpu::BufferUsages::UNIFORM);
                let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC;
                let bytes = as_stored(dispatch.kernel.output_dtype(), output);
                let output = self.buffer("cardinal.kernel.output", &bytes, usage);
                let overflow = HAS_F16_ACTIVATIONS
                    .then(|| self.buffer("cardinal.kernel.overflow", &[0; OVERFLOW_BYTES as usize], usage));
                let bound: Vec<&Buffer> = inputs.iter().copied().chain([&output]).collect();
                let uniforms = (uniform.as_entire_buffer_binding(), 0);
                let step = BoundStep::new(self, &label, dispatch, uniforms, &bound, overflow.as_ref());
                let mut pass = encoder
                    .begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some(&label), timestamp_writes: None });
                step.record(&mut pass, 1);
                drop(pass);
                encoder.copy_buffer_to_buffer(&output, 0, &readback, offset, bytes.len() as u64);
                offset += bytes.len() as u64;
                if let Some(overflow) = &overflow {
                    encoder.copy_buffer_to_buffer(overflow, 0, &readback, offset, OVERFLOW_BYTES);
                }
                offset += OVERFLOW_BYTES;
                // Destroyed before its submission, a buffer could not be used.
                kept.push((uniform, output, overflow));
            }
            self.queue.submit([encoder.finish()]);
        });
        submitted.await?;
        let bytes = self.read(&readback).await?;
        let mut rest = &bytes[..];
        let outputs = launches.iter().map(|launch| {
            let (output, others) = rest.split_at(launch.bytes());
            rest = others;
            let (dtype, len) = (launch.dispatch.kernel.output_dtype(), launch.output.len());
            let (output, overflow) = output.split_at(dtype.bytes(len));
            if did_overflow(overflow) { vec![f32::NAN; len] } else { dtype.decode(output, len) }
        });
        Ok(outputs.collect())
    }

    /// A storage buffer with these bytes in it.
    pub(super) fn filled(&self, bytes: &[u8]) -> Buffer {
        self.buffer("cardinal.kernel.input", bytes, wgpu::BufferUsages::STORAGE)
    }

    fn buffer(&self, label: &str, bytes: &[u8], usage: wgpu::BufferUsages) -> Buffer {
        let size = bytes.len().next_multiple_of(16) as u64;
        let buffer = Buffer::new(&self.device, label, size, usage | wgpu::BufferUsages::COPY_DST);
        self.queue.write_buffer(&buffer, 0, bytes);
        buffer
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
