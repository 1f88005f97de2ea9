//! The GPU, or why there is none, in words.

use crate::protocol::{GpuState, MissingGpu};

/// The state of the GPU as the document's `data-state` names it.
pub fn gpu_state(gpu: &GpuState) -> &'static str {
    match gpu {
        GpuState::Asking => "asking",
        GpuState::Ready(adapter) if adapter.software => "software",
        GpuState::Ready(_) => "hardware",
        GpuState::Missing { kind, .. } => kind.name(),
    }
}

/// The GPU in a few words.
pub fn gpu(gpu: &GpuState) -> String {
    match gpu {
        GpuState::Asking => "looking for a GPU".into(),
        GpuState::Ready(adapter) if adapter.software => format!("{} · software, no GPU", adapter.name),
        GpuState::Ready(adapter) => format!("{} · {}", adapter.backend, adapter.name),
        GpuState::Missing { .. } => "no GPU here".into(),
    }
}

/// The tooltip over those words.
pub fn gpu_explained(gpu: &GpuState) -> String {
    match gpu {
        GpuState::Asking => "Waiting for the browser's WebGPU.".into(),
        GpuState::Ready(adapter) if adapter.software => {
            "No GPU was found, so this runs on the processor, more slowly.".into()
        }
        GpuState::Ready(_) => "The GPU that WebGPU gave to this page.".into(),
        GpuState::Missing { text, .. } => text.clone(),
    }
}

/// The heading over the reason why there is no GPU.
pub fn missing_gpu(kind: MissingGpu) -> &'static str {
    match kind {
        MissingGpu::NoWebGpu => "No WebGPU here",
        MissingGpu::NoAdapter => "No GPU found",
        MissingGpu::Limits => "This GPU's limits are too low",
        MissingGpu::Device => "The GPU could not be opened",
    }
}

/// The CPU is offered where it is at least this many times as fast as a software adapter.
const WORTH_SAYING: f64 = 1.2;

/// `2.4` or `11`: how many times as fast the CPU is, rounded down; `None` where it is not worth an offer.
pub fn cpu_speed(times: f64) -> Option<String> {
    let tenths = (times * 10.0).floor();
    (tenths >= WORTH_SAYING * 10.0).then(|| match tenths {
        few if few < 30.0 => format!("{}.{}", few as u64 / 10, few as u64 % 10),
        many => (many as u64 / 10).to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Adapter;

    fn ready(software: bool) -> GpuState {
        let (name, backend) = ("SwiftShader".into(), "WebGPU".into());
        GpuState::Ready(Adapter { name, backend, software, timestamps: true })
    }

    #[test]
    fn a_software_adapter_is_called_so() {
        assert_eq!(
            (gpu_state(&ready(true)), gpu(&ready(true)).as_str()),
            ("software", "SwiftShader · software, no GPU")
        );
        assert_eq!((gpu_state(&ready(false)), gpu(&ready(false)).as_str()), ("hardware", "WebGPU · SwiftShader"));
    }

    #[test]
    fn a_missing_one_says_why() {
        let missing = GpuState::Missing { kind: MissingGpu::Limits, text: "too small".into() };
        assert_eq!((gpu_state(&missing), gpu_explained(&missing).as_str()), ("limits", "too small"));
    }

    #[test]
    fn the_cpu_is_offered_where_it_is_faster() {
        let told = [0.9, 1.19, 1.2, 1.99, 2.96, 3.0, 11.8].map(cpu_speed);
        let told = told.each_ref().map(Option::as_deref);
        assert_eq!(told, [None, None, Some("1.2"), Some("1.9"), Some("2.9"), Some("3"), Some("11")]);
    }
}
