//! Which adapter this is, in words.

#[cfg(not(target_arch = "wasm32"))]
use crate::kernels::conv2d_subgroup::SHARED;
use crate::kernels::{ConvClass, Method, Tuning};

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
    /// Whether every subgroup of the device is large enough for `conv2d_subgroup`.
    #[cfg(not(target_arch = "wasm32"))]
    pub shares_weights: bool,
    /// Its features and limits that matter here, by WebGPU's names, whatever of them the device uses.
    pub facts: Vec<(String, String)>,
}

impl Adapter {
    /// What to compute with until something was measured.
    pub(super) fn first_tuning(&self) -> Tuning {
        #[cfg(not(target_arch = "wasm32"))]
        if self.is_wide() && self.shares_weights {
            return Tuning::SHARING_SOFTWARE;
        }
        if !self.software {
            Tuning::GPU
        } else if self.is_wide() {
            Tuning::WIDE_SOFTWARE
        } else {
            Tuning::SOFTWARE
        }
    }

    /// Whether trying a method would cost more than it can give. On a software adapter a barrier suspends every thread, and compiling
    /// a kernel with barriers takes half of the time there is: they came out three to five times slower on each that was measured. The
    /// large tile of the 1×1 is made for SwiftShader: it has more sums than a GPU has registers, and one that compiles for wide vectors
    /// takes seconds to compile it. The medium one is made for these.
    pub(super) fn is_hopeless(&self, class: ConvClass, method: Method) -> bool {
        let pointwise = matches!(class, ConvClass::Pointwise | ConvClass::SmallPointwise);
        match method {
            Method::RegistersSmall => false,
            Method::RegistersMedium => !self.is_wide(),
            Method::RegistersLarge => pointwise && (self.is_wide() || !self.software),
            Method::Workgroup32 | Method::Workgroup64 | Method::Split32 => self.software,
            #[cfg(not(target_arch = "wasm32"))]
            Method::Subgroup => !self.shares_weights,
        }
    }

    /// Whether it compiles for the processor's wide vectors. SwiftShader computes four values at a time.
    fn is_wide(&self) -> bool {
        self.software && !self.name.to_ascii_lowercase().contains("swiftshader")
    }

    pub(super) fn new(adapter: &wgpu::Adapter, device: &wgpu::Device) -> Self {
        let (name, backend, is_cpu) = described(adapter, device);
        let known_software = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];
        let software = is_cpu || known_software.iter().any(|known| name.to_ascii_lowercase().contains(known));
        let has = |feature| device.features().contains(feature);
        let (timestamps, f16) = (has(wgpu::Features::TIMESTAMP_QUERY), has(wgpu::Features::SHADER_F16));
        Self {
            name,
            backend,
            software,
            timestamps,
            f16,
            #[cfg(not(target_arch = "wasm32"))]
            shares_weights: has(wgpu::Features::SUBGROUP) && adapter.get_info().subgroup_min_size >= SHARED,
            facts: facts(adapter),
        }
    }
}

/// Features and limits that kernels use, or may use one day.
fn facts(adapter: &wgpu::Adapter) -> Vec<(String, String)> {
    let limits = adapter.limits();
    let limits = [
        ("maxBufferSize", limits.max_buffer_size),
        ("maxStorageBufferBindingSize", limits.max_storage_buffer_binding_size),
        ("maxStorageBuffersPerShaderStage", limits.max_storage_buffers_per_shader_stage.into()),
        ("maxComputeInvocationsPerWorkgroup", limits.max_compute_invocations_per_workgroup.into()),
        ("maxComputeWorkgroupStorageSize", limits.max_compute_workgroup_storage_size.into()),
        ("maxComputeWorkgroupsPerDimension", limits.max_compute_workgroups_per_dimension.into()),
    ];
    let features = [
        ("timestamp-query", wgpu::Features::TIMESTAMP_QUERY),
        ("shader-f16", wgpu::Features::SHADER_F16),
        ("subgroups", wgpu::Features::SUBGROUP),
    ];
    let has = |feature| if adapter.features().contains(feature) { "yes" } else { "no" };
    let features = features.map(|(name, feature)| (name.to_owned(), has(feature).to_owned()));
    features.into_iter().chain(limits.map(|(name, limit)| (name.to_owned(), limit.to_string()))).collect()
}

/// Name, API, and whether it computes on the processor.
#[cfg(not(target_arch = "wasm32"))]
fn described(adapter: &wgpu::Adapter, _device: &wgpu::Device) -> (String, String, bool) {
    let info = adapter.get_info();
    let backend = match info.backend {
        wgpu::Backend::Dx12 => "Direct3D 12".to_owned(),
        other => format!("{other:?}"),
    };
    (info.name, backend, info.device_type == wgpu::DeviceType::Cpu)
}

/// The same in a browser, from the device's own information. The browser tells vendor and architecture apart (`nvidia`, `ada`) and
/// often leaves the description empty; wgpu passes on the description alone. Where there is no information at all, wgpu's reading
/// of it throws, and what waits for the device would wait for ever.
#[cfg(target_arch = "wasm32")]
fn described(_adapter: &wgpu::Adapter, device: &wgpu::Device) -> (String, String, bool) {
    use crate::platform::get;
    let info = device.as_webgpu().map(|device| get(device.as_ref(), "adapterInfo")).unwrap_or_default();
    let text = |key| get(&info, key).as_string().filter(|text| !text.is_empty());
    let vendor = text("vendor").map(|vendor| match vendor.as_str() {
        "nvidia" | "amd" => vendor.to_ascii_uppercase(),
        _ => capitalised(&vendor),
    });
    let name = text("description").unwrap_or_else(|| match (vendor, text("architecture")) {
        (_, Some(architecture)) if architecture == "swiftshader" => "SwiftShader".to_owned(),
        (Some(vendor), Some(architecture)) => format!("{vendor} {}", capitalised(&architecture)),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "an unnamed GPU".to_owned(),
    });
    (name, "WebGPU".to_owned(), get(&info, "isFallbackAdapter").is_truthy())
}

#[cfg(target_arch = "wasm32")]
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}
