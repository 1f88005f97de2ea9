//! Where the time of a training step goes.

use web_time::Instant;

use super::TrainingEngine;
use crate::gpu::GpuError;
use crate::gpu::destroy_on_drop::Buffer;
use crate::gpu::engine::Busy;
use crate::gpu::timestamps::{Timestamps, milliseconds};
use crate::plan::Hyperparameters;

/// Steps of the plan whose passes are submitted together: few enough for a GPU that is reset after two seconds.
const TOGETHER: usize = 8;

impl TrainingEngine {
    /// Takes a step of training as [`TrainingEngine::step`] does, and gives the milliseconds of each of the plan's steps: by
    /// timestamps around its launches, or by the clock if the adapter has none.
    ///
    /// # Errors
    /// As [`TrainingEngine::step`].
    pub async fn profile(
        &self,
        input: &[f32],
        labels: &[u32],
        settings: &Hyperparameters,
    ) -> Result<Vec<f64>, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        self.write_batch(input, labels, settings)?;
        let count = self.plan.steps.len();
        let timestamps = Timestamps::new(&self.gpu, count);
        let together = if timestamps.is_some() { TOGETHER } else { 1 };
        let (mut rest, mut clock) = (&self.launches[..], Vec::with_capacity(count));
        let readback = Buffer::readback(&self.gpu.device, Timestamps::bytes(count));
        for first in (0..count).step_by(together) {
            let end = (first + together).min(count);
            let mut encoder = self.encoder();
            for step in first..end {
                let timestamp_writes = timestamps.as_ref().map(|timestamps| timestamps.writes(step));
                let label = Some("cardinal.training");
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label, timestamp_writes });
                let own = rest.iter().take_while(|launch| launch.step == step).count();
                let (launches, others) = rest.split_at(own);
                launches.iter().for_each(|launch| launch.bound.record(&mut pass, 1));
                rest = others;
            }
            if let (Some(timestamps), true) = (&timestamps, end == count) {
                timestamps.resolve(&mut encoder, count, &readback, 0);
            }
            let start = Instant::now();
            self.gpu.queue.submit([encoder.finish()]);
            self.gpu.idle().await?;
            clock.push(start.elapsed().as_secs_f64() * 1e3);
        }
        match timestamps {
            Some(_) => Ok(milliseconds(&self.gpu, &self.gpu.read(&readback).await?)),
            None => Ok(clock),
        }
    }
}
