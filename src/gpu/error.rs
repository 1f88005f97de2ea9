//! What can go wrong between the plan and the GPU, in words for the person in front of it.

use crate::weights::WeightError;

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GpuError {
    #[error(
        "This browser has no WebGPU. Use a current Chrome, Edge, Safari 26 or Firefox 141 (on Linux, Chrome may need the flag \
         chrome://flags/#enable-unsafe-webgpu), and open the page over https or from localhost."
    )]
    NoWebGpu,
    #[cfg_attr(
        target_arch = "wasm32",
        error(
            "WebGPU is available, but the browser found no GPU for it. Turn on hardware acceleration in the browser's settings, update \
             the graphics driver, and see chrome://gpu for the reason."
        )
    )]
    #[cfg_attr(
        not(target_arch = "wasm32"),
        error(
            "No graphics adapter was found. Install the driver of this machine's GPU (Vulkan, Metal or DirectX 12) or a software \
             one (on Debian and Ubuntu: libvulkan1 and mesa-vulkan-drivers), or run on the processor with `--backend cpu` where \
             the program has that option."
        )
    )]
    NoAdapter,
    #[error(
        "The limits of this GPU are too low: this network needs {what} of {needed}, the GPU allows {got}. Choose a smaller network \
         or use another GPU."
    )]
    LimitsTooSmall { what: &'static str, needed: u64, got: u64 },
    #[error(
        "The GPU refused to open a device: {detail}. Reload the page; if it keeps happening, update the browser and the graphics \
         driver."
    )]
    Device { detail: String },
    #[error("The graphics device was lost: {detail}. Run again to open a new one.")]
    Lost { detail: String },
    #[error("The graphics device ran out of memory: {detail}. Choose a smaller network or close other pages.")]
    OutOfMemory { detail: String },
    #[error("The graphics device refused a command: {detail}. This is an error of Cardinal; please report it.")]
    Validation { detail: String },
    #[error("The engine is still running; wait for its answer before the next run.")]
    Busy,
    #[error("The network takes {expected} input values, got {got}.")]
    Input { expected: usize, got: usize },
    #[error(transparent)]
    Weight(#[from] WeightError),
}

impl GpuError {
    /// Whether a new device may help.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost { .. })
    }
}

impl From<wgpu::Error> for GpuError {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { source } => Self::OutOfMemory { detail: source.to_string() },
            other => Self::Validation { detail: other.to_string() },
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::GpuError;

    #[test]
    fn natively_no_adapter_is_a_matter_of_drivers() {
        let text = GpuError::NoAdapter.to_string();
        assert!(text.contains("driver") && text.contains("--backend cpu"), "{text}");
        assert!(!text.contains("browser") && !text.contains("chrome://"), "{text}");
    }
}
