//! What is to run, and on what.

use serde::{Deserialize, Serialize};

use crate::model::ResNextConfig;
use crate::plan::{PlanKind, PlanOptions, WeightDtype};

/// What a network runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    WebGpu,
    Cpu,
}

impl Backend {
    /// All of them, in the order the page shows them.
    pub const ALL: [Self; 2] = [Self::WebGpu, Self::Cpu];

    /// Its name in the address: `webgpu` or `cpu`.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "webgpu",
            Self::Cpu => "cpu",
        }
    }

    /// The backend of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }

    /// The one that runs: the visitor's choice; without one the GPU, and the CPU where no GPU can be had.
    pub fn of(choice: Option<Self>, gpu: &GpuState) -> Self {
        let otherwise = if matches!(gpu, GpuState::Missing { .. }) { Self::Cpu } else { Self::WebGpu };
        choice.unwrap_or(otherwise)
    }
}

/// The adapter that WebGPU gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adapter {
    /// As the driver or the browser calls it, such as `SwiftShader` or `NVIDIA Ada`.
    pub name: String,
    /// `WebGPU`, or natively `Vulkan`, `Metal`, `Direct3D 12`.
    pub backend: String,
    /// Whether it computes on the processor.
    pub software: bool,
    /// Whether GPU time can be measured.
    pub timestamps: bool,
}

/// Why there is no GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MissingGpu {
    /// The browser, or its workers, have no WebGPU.
    NoWebGpu,
    NoAdapter,
    /// The adapter's limits are too small.
    Limits,
    /// The adapter gave no device.
    Device,
}

impl MissingGpu {
    /// Its name in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoWebGpu => "no-webgpu",
            Self::NoAdapter => "no-adapter",
            Self::Limits => "limits",
            Self::Device => "device",
        }
    }
}

/// Whether there is a GPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GpuState {
    Asking,
    Ready(Adapter),
    Missing {
        kind: MissingGpu,
        /// Why there is none, and what to do, in a sentence.
        text: String,
    },
}

impl GpuState {
    /// The adapter, if there is one.
    pub fn adapter(&self) -> Option<&Adapter> {
        match self {
            Self::Ready(adapter) => Some(adapter),
            Self::Asking | Self::Missing { .. } => None,
        }
    }
}

/// What the visitor chose: the newest choice is what runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Place in the list of networks.
    pub network: usize,
    /// The network's own configuration, or another of its family.
    pub config: ResNextConfig,
    /// What to run on; `None` is the GPU where there is one.
    pub backend: Option<Backend>,
    pub plan: PlanKind,
    /// Of the weights on the GPU; the CPU always has them in f32.
    pub weight_dtype: WeightDtype,
    /// Timed runs after the answer.
    pub runs: usize,
    /// Whether kernels are tuned and times are taken once the answer is there.
    pub measure: bool,
}

impl Choice {
    /// What a classifier has to be built for.
    pub fn setting(&self, gpu: &GpuState) -> Setting {
        let backend = Backend::of(self.backend, gpu);
        let weight_dtype = if backend == Backend::Cpu { WeightDtype::F32 } else { self.weight_dtype };
        Setting { network: self.network, config: self.config.clone(), backend, plan: self.plan, weight_dtype }
    }
}

/// What a classifier is built for. Every result names the setting it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Place in the list of networks.
    pub network: usize,
    pub config: ResNextConfig,
    pub backend: Backend,
    pub plan: PlanKind,
    pub weight_dtype: WeightDtype,
}

impl Setting {
    /// For the plan; its kernels are those that were measured on the device.
    pub fn options(&self) -> PlanOptions {
        PlanOptions { kind: self.plan, weight_dtype: self.weight_dtype, tuning: None }
    }
}
