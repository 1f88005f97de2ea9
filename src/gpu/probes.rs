//! The problems of a self-check, run on the device.

use super::build::scoped;
use super::destroy_on_drop::Buffer;
use super::run_kernel::Launch;
use super::{Gpu, GpuError, Trust};
use crate::plan::Probe;

impl Gpu {
    /// What this device has been found to compute rightly and wrongly.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Runs each problem and gives their outputs, all in one submission. What a kernel leaves out is NaN.
    ///
    /// # Errors
    /// What the device reports.
    pub async fn run_probes(&self, probes: &[&Probe]) -> Result<Vec<Vec<f32>>, GpuError> {
        let bindings: Vec<Vec<Vec<u8>>> = probes.iter().map(|probe| probe.bindings()).collect();
        let mut buffers: Vec<Vec<Buffer>> = Vec::new();
        let filled = scoped(self, &mut || {
            buffers = bindings.iter().map(|inputs| inputs.iter().map(|bytes| self.filled(bytes)).collect()).collect();
        });
        filled.await?;
        let outputs: Vec<Vec<f32>> = probes.iter().map(|probe| vec![f32::NAN; probe.output_len]).collect();
        let launch = |index: usize| {
            let inputs = buffers[index].iter().collect();
            Launch { dispatch: &probes[index].dispatch, inputs, output: &outputs[index] }
        };
        self.run_each(&(0..probes.len()).map(launch).collect::<Vec<_>>()).await
    }
}
