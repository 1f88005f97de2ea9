//! Executes a plan: one pass and one submission an inference, or several short ones on a slow adapter, and one readback.

use std::cell::Cell;
use std::rc::Rc;

use web_time::Instant;

use super::bound_step::BoundStep;
use super::buffers::{Buffers, OVERFLOW_BYTES};
use super::destroy_on_drop::Buffer;
use super::timestamps::{Timestamps, milliseconds};
use super::{Gpu, GpuError};
use crate::kernels::{GpuDtype, HAS_F16_ACTIVATIONS};
use crate::plan::{Output, OutputTensor, Outputs, Plan};

/// Above this an inference is cut into several submissions: Windows resets a GPU that is busy for 2 s.
const ONE_SUBMISSION_SECONDS: f64 = 1.0;
/// The length of each of them.
pub(super) const SUBMISSION_SECONDS: f64 = 0.25;

/// A network on a GPU.
#[derive(Debug)]
pub struct Engine {
    pub(super) gpu: Rc<Gpu>,
    pub(super) plan: Plan,
    pub(super) buffers: Buffers,
    pub(super) steps: Vec<BoundStep>,
    pub(super) busy: Cell<bool>,
    /// How many runs have been begun.
    pub(super) runs: Cell<u64>,
}

/// What one inference gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which of the engine's runs it was. The engine keeps what belongs to it until the next one.
    pub id: u64,
    /// Those of [`Plan::outputs`].
    pub outputs: Outputs,
    /// From handing over the input to having the outputs.
    pub wall_ms: f64,
    /// Time in compute passes, where the adapter has timestamps.
    pub gpu_ms: Option<f64>,
    /// Submissions it took.
    pub submissions: usize,
}

/// Marks the engine busy until it is dropped, also where a run is cancelled.
pub(super) struct Busy<'a>(&'a Cell<bool>);

impl<'a> Busy<'a> {
    pub(super) fn enter(flag: &'a Cell<bool>) -> Result<Self, GpuError> {
        if flag.replace(true) { Err(GpuError::Busy) } else { Ok(Self(flag)) }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Engine {
    /// The plan that it executes.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The device that it runs on.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`.
    ///
    /// # Errors
    /// [`GpuError::Busy`] during another run, an input of another length, a value that the type of the activations does not hold, or
    /// what the device reports.
    pub async fn run(&self, input: &[f32]) -> Result<Run, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        self.write_input(input)?;
        let start = Instant::now();
        let ranges = self.plan.submissions(self.macs_per_submission(1));
        let timestamps = Timestamps::new(&self.gpu, ranges.len());

        let outputs = self.plan.outputs.iter().map(|output| output.bytes() as u64).sum::<u64>();
        let times = timestamps.as_ref().map_or(0, |_| Timestamps::bytes(ranges.len()));
        let readback = Buffer::readback(&self.gpu.device, outputs + times + OVERFLOW_BYTES);
        for (index, range) in ranges.iter().enumerate() {
            let mut encoder = self.encoder();
            let timestamp_writes = timestamps.as_ref().map(|timestamps| timestamps.writes(index));
            let mut pass = encoder
                .begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some("cardinal.pass"), timestamp_writes });
            for step in &self.steps[range.clone()] {
                step.record(&mut pass, 1);
            }
            drop(pass);
            let last = index + 1 == ranges.len();
            if last {
                self.copy_outputs(&mut encoder, &readback);
                if let Some(timestamps) = &timestamps {
                    timestamps.resolve(&mut encoder, ranges.len(), &readback, outputs);
                }
                self.buffers.copy_overflow(&mut encoder, &readback, outputs + times);
            }
            self.gpu.queue.submit([encoder.finish()]);
            if !last {
                self.gpu.idle().await?;
            }
        }
        let bytes = self.gpu.read(&readback).await?;
        let wall_ms = start.elapsed().as_secs_f64() * 1e3;
        self.gpu.rate.set(self.plan.macs() as f64 / wall_ms.max(0.1) * 1e3);

        let bytes = self.fitting(&bytes)?;
        let (values, times) = bytes.split_at(outputs as usize);
        let gpu_ms = timestamps.map(|_| milliseconds(&self.gpu, times).iter().sum());
        let outputs = Self::split(self.plan.outputs.iter(), values);
        Ok(Run { id: self.runs.get(), outputs, wall_ms, gpu_ms, submissions: ranges.len() })
    }

    /// Multiply-adds per submission if every dispatch is done `repeats` times. There is no limit where the whole network is
    /// short enough for one submission.
    pub(super) fn macs_per_submission(&self, repeats: u32) -> u64 {
        let rate = self.gpu.rate.get() / f64::from(repeats);
        if self.plan.macs() as f64 <= rate * ONE_SUBMISSION_SECONDS {
            return u64::MAX;
        }
        (rate * SUBMISSION_SECONDS) as u64
    }

    /// Begins a run of any kind: what the one before it has left is not valid any more.
    pub(super) fn write_input(&self, input: &[f32]) -> Result<(), GpuError> {
        self.gpu.check()?;
        let expected = self.plan.graph.input_shape().len();
        if input.len() != expected {
            return Err(GpuError::Input { expected, got: input.len() });
        }
        self.runs.set(self.runs.get() + 1);
        let slot = &self.buffers.slots[self.plan.input_slot];
        #[cfg(feature = "page")]
        if self.plan.input_dtype() == GpuDtype::F16 {
            let input = GpuDtype::F16.encode(input.to_vec()).map_err(|_| self.outside_f16())?;
            self.gpu.queue.write_buffer(slot, 0, input.bytes());
            if let Some(overflow) = &self.buffers.overflow {
                self.gpu.queue.write_buffer(overflow, 0, &[0; OVERFLOW_BYTES as usize]);
            }
            return Ok(());
        }
        self.gpu.queue.write_buffer(slot, 0, bytemuck::cast_slice(input));
        Ok(())
    }

    /// A value does not fit into f16: networks that are planned from now on have activations in f32.
    #[cfg(feature = "page")]
    fn outside_f16(&self) -> GpuError {
        self.gpu.trust.avoid_activation_f16();
        self.gpu.set_tuning(self.gpu.tuning());
        GpuError::ActivationOutsideF16
    }

    /// The values that were read back, without the last bytes, which say whether a value was outside of f16.
    ///
    /// # Errors
    /// One was.
    pub(super) fn fitting<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], GpuError> {
        let end = bytes.len() - OVERFLOW_BYTES as usize;
        #[cfg(feature = "page")]
        if did_overflow(&bytes[end..]) {
            return Err(self.outside_f16());
        }
        Ok(&bytes[..end])
    }

    pub(super) fn encoder(&self) -> wgpu::CommandEncoder {
        self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("cardinal.run") })
    }

    fn copy_outputs(&self, encoder: &mut wgpu::CommandEncoder, readback: &wgpu::Buffer) {
        let mut offset = 0;
        for output in &self.plan.outputs {
            let bytes = output.bytes() as u64;
            encoder.copy_buffer_to_buffer(&self.buffers.slots[output.slot], 0, readback, offset, bytes);
            offset += bytes;
        }
    }

    /// The values of outputs that were read back one after the other.
    pub(super) fn split<'a>(outputs: impl Iterator<Item = &'a Output>, mut values: &[u8]) -> Outputs {
        let own = |output: &Output| {
            let (own, rest) = values.split_at(output.bytes());
            values = rest;
            let dtype = if HAS_F16_ACTIVATIONS { output.dtype } else { GpuDtype::F32 };
            let values = dtype.decode(own, output.shape.len());
            OutputTensor { name: output.name.clone(), shape: output.shape, values }
        };
        outputs.map(own).collect()
    }
}

/// Whether a kernel says that a value was outside of f16.
pub(super) fn did_overflow(bytes: &[u8]) -> bool {
    HAS_F16_ACTIVATIONS && bytes.iter().any(|&byte| byte != 0)
}
