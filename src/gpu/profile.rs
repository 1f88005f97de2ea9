//! Where the time goes: every dispatch timed by itself.

use web_time::Instant;

use super::destroy_on_drop::Buffer;
use super::engine::Busy;
use super::timestamps::{Timestamps, milliseconds};
use super::{Engine, GpuError};
use crate::plan::Plan;

/// The time of one dispatch, and what it did meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTime {
    /// The graph layers it computes, such as `layer1.0.conv1` and `layer1.0.bn1`.
    pub layers: Vec<String>,
    /// The GPU's kernel; empty on the CPU, which has its own.
    pub kernel: String,
    /// Milliseconds of one launch: the mean of the repeats.
    pub ms: f64,
    /// How often it was repeated for the mean.
    pub repeats: usize,
    /// Multiply-adds.
    pub macs: u64,
    /// Bytes that it moves if each value is moved once: inputs, weights, residual, output.
    pub bytes: usize,
}

impl StepTime {
    /// The step at `index` of a plan, whose `repeats` took `ms` milliseconds together.
    pub fn new(plan: &Plan, index: usize, ms: f64, repeats: usize) -> Self {
        let step = &plan.steps[index];
        Self {
            layers: step.layers.iter().map(|&layer| plan.graph.layers[layer].name.clone()).collect(),
            kernel: step.dispatch.kernel.name(),
            ms: ms / repeats as f64,
            repeats,
            macs: step.macs,
            bytes: step.bytes,
        }
    }
}

/// Browsers round timestamps to 0.1 ms: dispatches are repeated until that does not matter.
const REPEATS: u32 = 20;
/// How often at most.
const MOST_REPEATS: u32 = 200;
/// As long all repeats of the whole network may take, where it is so short that more of them are needed.
const SHORT_SECONDS: f64 = 0.2;
/// A network that takes longer than this is not repeated.
const SLOW_SECONDS: f64 = 0.2;

/// How often each dispatch of a network that takes this many seconds is repeated.
fn repeats(seconds: f64) -> u32 {
    if seconds < SLOW_SECONDS { ((SHORT_SECONDS / seconds) as u32).clamp(REPEATS, MOST_REPEATS) } else { 1 }
}

impl Engine {
    /// Times every dispatch in a pass of its own, by timestamps, or by the clock if the adapter has none.
    ///
    /// # Errors
    /// [`GpuError::Busy`] during another run, an input of another length, or what the device reports.
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<StepTime>, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        self.write_input(input)?;
        let seconds = self.plan.macs() as f64 / self.gpu.rate.get();
        let repeats = repeats(seconds);
        let times = match Timestamps::new(&self.gpu, self.steps.len()) {
            Some(timestamps) => self.by_timestamps(&timestamps, repeats).await?,
            None => self.by_clock(repeats).await?,
        };
        let time = |(index, ms)| StepTime::new(&self.plan, index, ms, repeats as usize);
        Ok(times.into_iter().enumerate().map(time).collect())
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

#[cfg(test)]
mod tests {
    use super::repeats;

    #[test]
    fn short_networks_are_repeated_more_often_and_slow_ones_not() {
        assert_eq!([5.0, 0.2, 0.19, 0.01, 0.005, 0.001, 1e-9].map(repeats), [1, 1, 20, 20, 40, 200, 200]);
    }
}
