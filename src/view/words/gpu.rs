//! The GPU, or why there is none, in words.

use super::notice::peak_share;
use crate::protocol::{Backend, GpuState, MissingGpu, SelfCheck, Setting};

/// What a software adapter means, and what is better.
pub const EMULATED: &str = "No GPU here: the browser is emulating one. The CPU is much faster.";

/// What it means where a network is too large for the GPU.
pub const TOO_LARGE: &str = "Running on the CPU: the GPU had no memory for this network.";

/// What a network runs on.
pub fn backend(backend: Backend) -> &'static str {
    match backend {
        Backend::WebGpu => "WebGPU",
        Backend::Cpu => "CPU",
    }
}

/// What a setting runs on, with the cores that share it.
pub fn runs_on(setting: &Setting) -> String {
    match setting.cores_at_work() {
        1 => backend(setting.backend).to_owned(),
        cores => format!("CPU, {cores} cores"),
    }
}

/// What the colours of the cores mean in the drawing.
pub const SHARED: &str =
    "Branches of one colour run on one core of the processor; the cores meet where a block’s branches are summed.";

/// What it means that so many cores share a network.
pub fn cores_explained(cores: usize) -> String {
    match cores {
        1 => "One core of the processor computes all of the network".into(),
        _ => format!("Each block’s groups are shared among {cores} cores of the processor"),
    }
}

/// The state of the GPU as the document's `data-state` names it.
pub fn gpu_state(gpu: &GpuState) -> &'static str {
    match gpu {
        GpuState::Asking => "asking",
        GpuState::Ready { adapter, .. } if adapter.software => "software",
        GpuState::Ready { .. } => "hardware",
        GpuState::Missing { kind, .. } => kind.name(),
    }
}

/// The GPU in a few words.
pub fn gpu(gpu: &GpuState) -> String {
    match gpu {
        GpuState::Asking => "looking for a GPU".into(),
        GpuState::Ready { adapter, .. } if adapter.software => format!("{} · software, no GPU", adapter.name),
        GpuState::Ready { adapter, .. } => format!("{} · {}", adapter.backend, adapter.name),
        GpuState::Missing { .. } => "no GPU here".into(),
    }
}

/// The tooltip over those words.
pub fn gpu_explained(gpu: &GpuState) -> String {
    match gpu {
        GpuState::Asking => "Waiting for the browser's WebGPU.".into(),
        GpuState::Ready { adapter, .. } if adapter.software => EMULATED.into(),
        GpuState::Ready { .. } => "The GPU that WebGPU gave to this page.".into(),
        GpuState::Missing { text, .. } => text.clone(),
    }
}

/// What a self-check has found.
pub fn self_check(check: &SelfCheck) -> String {
    let count = check.kernels.len();
    match check.failed() {
        None => format!(
            "Checked here: the {count} kernels of this network give what the CPU gives on known values. The largest difference \
             is {}.",
            peak_share(check.error())
        ),
        Some(failed) => {
            let layer = failed.layers.first().map_or(failed.kernel.as_str(), String::as_str);
            format!("Checked here: the kernel of {layer} does not give what the CPU gives.")
        }
    }
}

/// The heading over the reason why there is no GPU.
pub fn missing_gpu(kind: MissingGpu) -> &'static str {
    match kind {
        MissingGpu::NoWebGpu => "No WebGPU here",
        MissingGpu::NoAdapter => "No GPU found",
        MissingGpu::Limits => "This GPU's limits are too low",
        MissingGpu::Device => "The GPU could not be opened",
        MissingGpu::NoAnswer => "No answer from the browser",
        MissingGpu::Lost => "The GPU was lost",
        MissingGpu::WrongResults => "This GPU computes wrong results",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Adapter;

    fn ready(software: bool) -> GpuState {
        let (name, backend) = ("SwiftShader".into(), "WebGPU".into());
        let adapter = Adapter { name, backend, software, timestamps: true, facts: vec![] };
        GpuState::Ready { adapter, too_large: vec![] }
    }

    #[test]
    fn a_software_adapter_is_called_so() {
        assert_eq!(
            (gpu_state(&ready(true)), gpu(&ready(true)).as_str()),
            ("software", "SwiftShader · software, no GPU")
        );
        assert!(gpu_explained(&ready(true)).contains("emulating"));
        assert_eq!((gpu_state(&ready(false)), gpu(&ready(false)).as_str()), ("hardware", "WebGPU · SwiftShader"));
    }

    #[test]
    fn a_missing_one_says_why() {
        let missing = GpuState::Missing { kind: MissingGpu::Limits, text: "too small".into() };
        assert_eq!((gpu_state(&missing), gpu_explained(&missing).as_str()), ("limits", "too small"));
    }
}
