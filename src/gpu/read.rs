//! Reads activations out of a run: each is copied between the step that writes it and the next.

use super::buffers::OVERFLOW_BYTES;
use super::destroy_on_drop::Buffer;
use super::engine::Busy;
use super::{Engine, GpuError};
use crate::plan::{Outputs, Written};

impl Engine {
    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`, up to the last of the steps that write `tensors`, and
    /// gives their values. [`Plan::written`](crate::plan::Plan::written) says where they are.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn read(&self, input: &[f32], tensors: &[Written]) -> Result<Outputs, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        self.write_input(input)?;
        let end = tensors.iter().map(|tensor| tensor.step + 1).max().unwrap_or(0);
        let bytes = tensors.iter().map(|tensor| tensor.output.bytes() as u64).sum();
        if bytes == 0 {
            return Ok(Outputs::default());
        }
        let readback = Buffer::readback(&self.gpu.device, bytes + OVERFLOW_BYTES);
        for range in self.plan.submissions(self.macs_per_submission(1)) {
            let mut encoder = self.encoder();
            let mut next = range.start;
            while next < range.end.min(end) {
                // A pass as long as nothing is read: a copy cannot be within one.
                let stop = tensors.iter().map(|tensor| tensor.step + 1).filter(|&stop| stop > next).min();
                let stop = stop.unwrap_or(end).min(range.end);
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                    label: Some("cardinal.read"),
                    ..Default::default()
                });
                for step in &self.steps[next..stop] {
                    step.record(&mut pass, 1);
                }
                drop(pass);
                let mut offset = 0;
                for Written { step, output } in tensors {
                    let bytes = output.bytes() as u64;
                    if step + 1 == stop {
                        let slot = &self.buffers.slots[output.slot];
                        encoder.copy_buffer_to_buffer(slot, 0, &readback, offset, bytes);
                    }
                    offset += bytes;
                }
                next = stop;
            }
            self.buffers.copy_overflow(&mut encoder, &readback, bytes);
            self.gpu.queue.submit([encoder.finish()]);
            if end <= range.end {
                break;
            }
            self.gpu.idle().await?;
        }
        let values = self.gpu.read(&readback).await?;
        Ok(Self::split(tensors.iter().map(|tensor| &tensor.output), self.fitting(&values)?))
    }
}
