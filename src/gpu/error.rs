//! What can go wrong between the plan and the GPU, in words for the person in front of it.

use crate::decimal;
use crate::kernels::KernelError;
use crate::plan::BatchError;
use crate::weights::WeightError;

/// Why there is no device, or why it did not do what was asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GpuError {
    /// The browser has no WebGPU.
    #[error(
        "This browser has no WebGPU. Use a current Chrome, Edge, Safari 26 or Firefox 141 (on Linux, Chrome may need the flag \
         chrome://flags/#enable-unsafe-webgpu), and open the page over https or from localhost."
    )]
    NoWebGpu,
    /// There is WebGPU, or a graphics library, but no adapter.
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
    /// The network needs more than the device's limits allow.
    #[error(
        "The limits of this GPU are too low ({what}: {needed} needed, {got} allowed). Choose a smaller network or use another GPU."
    )]
    LimitsTooSmall {
        /// The limit, by WebGPU's name or in words.
        what: &'static str,
        /// Bytes, or whatever the limit counts, that the network needs.
        needed: u64,
        /// What the device allows.
        got: u64,
    },
    /// The adapter gave no device.
    #[error(
        "The GPU refused to open a device: {detail}. Reload the page; if it keeps happening, update the browser and the graphics \
         driver."
    )]
    Device {
        /// The driver's or the browser's message.
        detail: String,
    },
    /// The device is gone; a new one may help.
    #[error("The graphics device was lost ({}). Try again.", detail.trim_end_matches('.'))]
    Lost {
        /// The driver's or the browser's message.
        detail: String,
    },
    /// The device has not answered for much longer than it usually takes. It may be busy for ever.
    #[error("The graphics device has not answered for {seconds} s. Try again, or run on the CPU.")]
    Hung {
        /// How long it was waited for.
        seconds: u64,
    },
    /// An allocation failed on the device.
    #[error(
        "The graphics device ran out of memory{}. Choose a smaller network or close other pages.",
        needed.map(|needed| format!(" (this network needs {})", decimal::bytes(needed))).unwrap_or_default()
    )]
    OutOfMemory {
        /// Bytes of the weights and activations of the network that was built; `None` where none was.
        needed: Option<u64>,
    },
    /// A command or a shader that WebGPU's rules forbid.
    #[error("The graphics device refused a command: {detail}. This is an error of Cardinal; please report it.")]
    Validation {
        /// The driver's or the browser's message.
        detail: String,
    },
    /// A run was asked for during another.
    #[error("The engine is still running; wait for its answer before the next run.")]
    Busy,
    /// The input has another size than the network's.
    #[error("The network takes {expected} input values, got {got}.")]
    Input {
        /// Values of the network's input.
        expected: usize,
        /// Values that were given.
        got: usize,
    },
    /// A value of a network whose activations are f16 does not fit: nothing that was computed counts. The device's tuning has f32
    /// from then on.
    #[error(
        "A value between two layers is outside of what f16 holds, ±65504. Load the network again: its activations will be f32."
    )]
    #[cfg(feature = "page")]
    ActivationOutsideF16,
    /// WebGPU has no numbers for a dispatch of this size.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// A batch that does not fit the training plan.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The weights could not be read or do not fit the network.
    #[error(transparent)]
    Weight(#[from] WeightError),
}

impl GpuError {
    /// Whether the device is of no use any more.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Hung { .. })
    }
}

impl From<wgpu::Error> for GpuError {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { .. } => Self::OutOfMemory { needed: None },
            other => Self::Validation { detail: other.to_string() },
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::GpuError;

    #[test]
    fn a_loss_is_told_with_one_full_stop() {
        let text = GpuError::Lost { detail: "Device was destroyed.".into() }.to_string();
        assert_eq!(text, "The graphics device was lost (Device was destroyed). Try again.");
    }

    #[test]
    fn a_lack_of_memory_says_what_was_needed() {
        let text = |needed| GpuError::OutOfMemory { needed }.to_string();
        assert!(
            text(Some(108_000_000)).starts_with("The graphics device ran out of memory (this network needs 108 MB).")
        );
        assert!(text(None).starts_with("The graphics device ran out of memory."));
    }

    #[test]
    fn natively_no_adapter_is_a_matter_of_drivers() {
        let text = GpuError::NoAdapter.to_string();
        assert!(text.contains("driver") && text.contains("--backend cpu"), "{text}");
        assert!(!text.contains("browser") && !text.contains("chrome://"), "{text}");
    }
}
