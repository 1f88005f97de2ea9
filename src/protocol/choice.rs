//! What is to run, and on what.

use serde::{Deserialize, Serialize};

use super::CoreCounts;
use crate::model::ResNextConfig;
use crate::plan::{GpuDtype, PlanKind, PlanOptions};

/// What a network runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// The GPU, by WebGPU.
    WebGpu,
    /// The processor.
    Cpu,
}

impl Backend {
    /// Both, in the order in which the page shows them.
    pub const ALL: [Self; 2] = [Self::WebGpu, Self::Cpu];

    /// The one that is not this one.
    pub fn other(self) -> Self {
        match self {
            Self::WebGpu => Self::Cpu,
            Self::Cpu => Self::WebGpu,
        }
    }

    /// Its name in the page's address: `webgpu` or `cpu`.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "webgpu",
            Self::Cpu => "cpu",
        }
    }

    /// The backend that [`Backend::name`] names so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }

    /// The backend that runs: the visitor's choice; without one the GPU, or the CPU where there is no GPU or the browser emulates
    /// one. A GPU whose results are wrong is no choice.
    pub fn of(choice: Option<Self>, gpu: &GpuState) -> Self {
        if matches!(gpu, GpuState::Missing { kind: MissingGpu::WrongResults, .. }) {
            return Self::Cpu;
        }
        let otherwise = match gpu {
            GpuState::Missing { .. } => Self::Cpu,
            GpuState::Ready { adapter, .. } if adapter.software => Self::Cpu,
            GpuState::Ready { .. } | GpuState::Asking => Self::WebGpu,
        };
        choice.unwrap_or(otherwise)
    }
}

/// The GPU adapter that WebGPU chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adapter {
    /// Its name from the driver or the browser, such as `SwiftShader` or `NVIDIA Ada`.
    pub name: String,
    /// Its API: `WebGPU`, or natively `Vulkan`, `Metal` or `Direct3D 12`.
    pub backend: String,
    /// Whether it is a software adapter, which computes on the processor.
    pub software: bool,
    /// Whether it has timestamps, so that GPU time can be measured.
    pub timestamps: bool,
    /// Its features and limits, by WebGPU's names, for who has to find out what is wrong with it.
    pub facts: Vec<(String, String)>,
}

/// Why there is no GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MissingGpu {
    /// The browser, or its workers, have no WebGPU.
    NoWebGpu,
    /// The browser has WebGPU, and no adapter for it.
    NoAdapter,
    /// The adapter's limits are too small.
    Limits,
    /// The adapter gave no device.
    Device,
    /// The browser has not answered yet.
    NoAnswer,
    /// It was lost, and so was its replacement; or it has stopped answering.
    Lost,
    /// It computes something else than it should, whatever kernels it runs.
    WrongResults,
}

impl MissingGpu {
    /// Its name in the page's attributes and styles.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoWebGpu => "no-webgpu",
            Self::NoAdapter => "no-adapter",
            Self::Limits => "limits",
            Self::Device => "device",
            Self::NoAnswer => "no-answer",
            Self::Lost => "lost",
            Self::WrongResults => "wrong-results",
        }
    }
}

/// Whether there is a GPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum GpuState {
    /// The browser has been asked for one.
    Asking,
    /// It is open.
    Ready {
        /// What it is.
        adapter: Adapter,
        /// What it had no memory for, or too low limits, since it was opened.
        too_large: Vec<Setting>,
    },
    /// There is none.
    Missing {
        /// Why, as a category.
        kind: MissingGpu,
        /// Why, and what to do, as a sentence.
        text: String,
    },
}

impl GpuState {
    /// The adapter, if there is one.
    pub fn adapter(&self) -> Option<&Adapter> {
        match self {
            Self::Ready { adapter, .. } => Some(adapter),
            Self::Asking | Self::Missing { .. } => None,
        }
    }

    /// Whether it is known that this is too large for it.
    pub fn is_too_large(&self, setting: &Setting) -> bool {
        matches!(self, Self::Ready { too_large, .. } if too_large.contains(setting))
    }
}

/// What the visitor has chosen. The newest choice is the one that runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Index in the list of networks.
    pub network: usize,
    /// The network's own configuration, or another of its equal-cost family.
    pub config: ResNextConfig,
    /// What to run on; `None` for what is faster, see [`Backend::of`].
    pub backend: Option<Backend>,
    /// How the graph becomes dispatches.
    pub plan: PlanKind,
    /// Number format of the weights on the GPU; the CPU always has f32.
    pub weight_dtype: GpuDtype,
    /// How many cores share the network on the CPU; `None` for what is fastest.
    pub cores: Option<usize>,
    /// How many timed runs follow the answer.
    pub runs: usize,
    /// Whether kernels are tuned and times are measured after the answer.
    pub measure: bool,
    /// The stops of the dial, which are timed then, too.
    pub stops: Vec<ResNextConfig>,
}

impl Choice {
    /// What a classifier has to be built for, given the state of the GPU and of the cores: what was chosen, or what comes closest to it and
    /// is not too large for the GPU.
    pub fn setting(&self, gpu: &GpuState, cores: &CoreCounts) -> Setting {
        let backend = Backend::of(self.backend, gpu);
        let weight_dtype = if backend == Backend::Cpu { GpuDtype::F32 } else { self.weight_dtype };
        let (network, config, plan) = (self.network, self.config.clone(), self.plan);
        let cores = cores.of(self.cores, network);
        let mut setting = Setting { network, config, backend, plan, weight_dtype, cores };
        while gpu.is_too_large(&setting) {
            setting = setting.smaller();
        }
        setting
    }
}

/// What a classifier is built for. Every result says which setting it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Index in the list of networks.
    pub network: usize,
    /// The network's own configuration, or another of its equal-cost family.
    pub config: ResNextConfig,
    /// What it runs on.
    pub backend: Backend,
    /// How the graph becomes dispatches.
    pub plan: PlanKind,
    /// Number format of the weights; f32 on the CPU.
    pub weight_dtype: GpuDtype,
    /// How many cores share it where it runs on the CPU; 0 where it runs in the session's own thread.
    pub cores: usize,
}

impl Setting {
    /// The same network on the other backend, with weights in f32.
    pub fn on_other_backend(&self) -> Self {
        Self { backend: self.backend.other(), weight_dtype: GpuDtype::F32, ..self.clone() }
    }

    /// What takes less memory of the GPU, in the order in which little is lost: the fused plan, weights in f16, and none of it, on the CPU.
    pub fn smaller(&self) -> Self {
        match (self.plan, self.weight_dtype) {
            (PlanKind::Plain, _) => Self { plan: PlanKind::Fused, ..self.clone() },
            (PlanKind::Fused, GpuDtype::F32) => Self { weight_dtype: GpuDtype::F16, ..self.clone() },
            (PlanKind::Fused, GpuDtype::F16) => self.on_other_backend(),
        }
    }

    /// Cores of the processor that compute at the same time.
    pub fn cores_at_work(&self) -> usize {
        if self.backend == Backend::Cpu { self.cores.max(1) } else { 1 }
    }

    /// The options of its plan, without kernels: the device adds those that were measured on it.
    pub fn options(&self) -> PlanOptions {
        PlanOptions { kind: self.plan, weight_dtype: self.weight_dtype, tuning: None }
    }
}
