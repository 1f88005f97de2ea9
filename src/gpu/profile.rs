//! Where the time goes: every dispatch timed by itself.

use web_time::Instant;

use super::destroy_on_drop::Buffer;
use super::engine::Busy;
use super::timestamps::{Timestamps, milliseconds};
use super::{Engine, GpuError};

/// Milliseconds of one dispatch.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTime {
    /// The graph layers it computes, such as `layer1.0.conv1` and `layer1.0.bn1`.
    pub layers: Vec<String>,
    /// Milliseconds of one launch.
    pub ms: f64,
}

/// Browsers round timestamps to 0.1 ms: short dispatches are repeated until that does not matter.
const REPEATS: u32 = 20;
/// A network that takes longer than this is not repeated.
const SLOW_SECONDS: f64 = 0.2;

impl Engine {
    /// Times every dispatch in a pass of its own, by timestamps, or by the clock if the adapter has none.
    ///
    /// # Errors
    /// [`GpuError::Busy`] during another run, an input of another length, or what the device reports.
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<StepTime>, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        self.write_input(input)?;
        let seconds = self.plan.macs() as f64 / self.gpu.rate.get();
        let repeats = if seconds < SLOW_SECONDS { REPEATS } else { 1 };
        let times = match Timestamps::new(&self.gpu, self.steps.len()) {
            Some(timestamps) => self.by_timestamps(&timestamps, repeats).await?,
            None => self.by_clock(repeats).await?,
        };
        let name = |&layer: &usize| self.plan.graph.layers[layer].name.clone();
        let layers = self.plan.steps.iter().map(|step| step.layers.iter().map(name).collect());
        Ok(layers.zip(times).map(|(layers, ms)| StepTime { layers, ms: ms / f64::from(repeats) }).collect())
    }

    async fn by_timestamps(&self, timestamps: &Timestamps, repeats: u32) -> Result<Vec<f64>, GpuError> {
        let readback = Buffer::readback(&self.gpu.device, Timestamps::bytes(self.steps.len()));
        let ranges = self.plan.submissions(self.macs_per_submission(repeats));
        for range in &ranges {
            let mut encoder = self.encoder();
            for index in range.clone() {
                self.record(&mut encoder, index, repeats, Some(timestamps.writes(index)));
            }
            if range.end == self.steps.len() {
                timestamps.resolve(&mut encoder, self.steps.len(), &readback, 0);
            }
            self.gpu.queue.submit([encoder.finish()]);
            self.gpu.idle().await?;
        }
        let bytes = self.gpu.read(&readback).await?;
        Ok(milliseconds(&self.gpu, &bytes))
    }

    async fn by_clock(&self, repeats: u32) -> Result<Vec<f64>, GpuError> {
        let mut times = Vec::with_capacity(self.steps.len());
        for index in 0..self.steps.len() {
            let mut encoder = self.encoder();
            self.record(&mut encoder, index, repeats, None);
            let start = Instant::now();
            self.gpu.queue.submit([encoder.finish()]);
            self.gpu.idle().await?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        Ok(times)
    }

    /// No dispatch reads what it writes, so repeating one changes nothing.
    fn record(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        index: usize,
        repeats: u32,
        timestamp_writes: Option<wgpu::ComputePassTimestampWrites<'_>>,
    ) {
        let label = format!("cardinal.{}", self.plan.steps[index].label);
        let mut pass =
            encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some(&label), timestamp_writes });
        self.steps[index].record(&mut pass, repeats);
    }
}
