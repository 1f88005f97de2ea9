//! Which adapter this is, in words.

use crate::kernels::{Method, Tuning};

/// The adapter a device was opened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// As the driver or the browser calls it, such as `SwiftShader` or `NVIDIA Ada`.
    pub name: String,
    /// `WebGPU`, `Vulkan`, `Metal`, `Direct3D 12`.
    pub backend: String,
    /// Whether it computes on the processor.
    pub software: bool,
    /// Whether GPU time can be measured.
    pub timestamps: bool,
    /// Whether it computes in f16 (`shader-f16`).
    pub f16: bool,
}

impl Adapter {
    /// What to compute with until something was measured.
    pub(super) fn first_tuning(&self) -> Tuning {
        if !self.software {
            Tuning::GPU
        } else if self.name.to_ascii_lowercase().contains("swiftshader") {
            Tuning::SOFTWARE
        } else {
            // They compile for the processor's wide vectors, and large tiles take them many seconds.
            Tuning::all(Method::RegistersSmall)
        }
    }

    pub(super) fn new(info: &wgpu::AdapterInfo, device: &wgpu::Device) -> Self {
        let backend = match info.backend {
            wgpu::Backend::BrowserWebGpu => "WebGPU".to_owned(),
            wgpu::Backend::Dx12 => "Direct3D 12".to_owned(),
            other => format!("{other:?}"),
        };
        let name = browser_name(device).unwrap_or_else(|| info.name.clone());
        let known_software = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];
        let software = info.device_type == wgpu::DeviceType::Cpu
            || known_software.iter().any(|known| name.to_ascii_lowercase().contains(known));
        let has = |feature| device.features().contains(feature);
        let (timestamps, f16) = (has(wgpu::Features::TIMESTAMP_QUERY), has(wgpu::Features::SHADER_F16));
        Self { name, backend, software, timestamps, f16 }
    }
}

/// The browser tells vendor and architecture apart (`nvidia`, `ada`) and often leaves the description empty; wgpu passes
/// on the description alone.
#[cfg(target_arch = "wasm32")]
fn browser_name(device: &wgpu::Device) -> Option<String> {
    use wasm_bindgen::JsValue;
    let get = |object: &JsValue, key: &str| js_sys::Reflect::get(object, &JsValue::from_str(key)).ok();
    let info = get(device.as_webgpu()?.as_ref(), "adapterInfo")?;
    let text = |key| get(&info, key).and_then(|value| value.as_string()).filter(|text| !text.is_empty());
    if let Some(description) = text("description") {
        return Some(description);
    }
    let vendor = text("vendor").map(|vendor| match vendor.as_str() {
        "nvidia" | "amd" => vendor.to_ascii_uppercase(),
        _ => capitalised(&vendor),
    });
    match (vendor, text("architecture")) {
        (_, Some(architecture)) if architecture == "swiftshader" => Some("SwiftShader".to_owned()),
        (Some(vendor), Some(architecture)) => Some(format!("{vendor} {}", capitalised(&architecture))),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => Some("an unnamed GPU".to_owned()),
    }
}

#[cfg(target_arch = "wasm32")]
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}

#[cfg(not(target_arch = "wasm32"))]
fn browser_name(_device: &wgpu::Device) -> Option<String> {
    None
}
