//! What a network runs on, and its engine there: one face for the GPU and the CPU.

use std::rc::Rc;

use crate::cpu;
use crate::error::Error;
use crate::gpu::{self, Gpu, Progress, Run, StepTime};
use crate::plan::{Plan, Tuning};
use crate::weights::WeightSource;

/// Where networks run: an open GPU of type `G`, or the processor. [`Device`] is the one to use; others stand in for a GPU in
/// tests.
#[derive(Debug)]
pub enum DeviceOf<G> {
    /// An open GPU.
    Gpu(Rc<G>),
    /// The processor, with weights in f32 whatever the plan has for the GPU.
    Cpu,
}

/// Where networks run.
pub type Device = DeviceOf<Gpu>;

impl<G> Clone for DeviceOf<G> {
    fn clone(&self) -> Self {
        match self {
            Self::Gpu(gpu) => Self::Gpu(gpu.clone()),
            Self::Cpu => Self::Cpu,
        }
    }
}

impl Device {
    /// The kernels that were measured on it; the CPU has its own.
    pub fn tuning(&self) -> Option<Tuning> {
        match self {
            Self::Gpu(gpu) => Some(gpu.tuning()),
            Self::Cpu => None,
        }
    }
}

impl From<&Rc<Gpu>> for Device {
    fn from(gpu: &Rc<Gpu>) -> Self {
        Self::Gpu(gpu.clone())
    }
}

impl From<&Self> for Device {
    fn from(device: &Self) -> Self {
        device.clone()
    }
}

/// A plan on a device, ready to run.
pub enum Engine {
    /// wgpu: WebGPU in a browser, Vulkan, Metal or Direct3D 12 natively.
    Gpu(gpu::Engine),
    /// The processor, with SIMD where the target has it.
    Cpu(cpu::Engine),
}

impl Engine {
    /// Makes the plan ready on `device`; its weights come as they can be had.
    pub async fn build(
        device: &Device,
        plan: Plan,
        source: &dyn WeightSource,
        progress: &dyn Fn(Progress),
    ) -> Result<Self, Error> {
        match device {
            Device::Gpu(gpu) => Ok(Self::Gpu(gpu::Engine::build(gpu, plan, source, progress).await?)),
            Device::Cpu => {
                progress(Progress::Planned { steps: plan.steps.len() });
                let progress = |bytes, total| progress(Progress::Weights { bytes, total });
                Ok(Self::Cpu(cpu::Engine::build(plan, source, &progress).await?))
            }
        }
    }

    /// The plan that the engine executes.
    pub fn plan(&self) -> &Plan {
        match self {
            Self::Gpu(engine) => engine.plan(),
            Self::Cpu(engine) => engine.plan(),
        }
    }

    /// Bytes it takes: weights and activations.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Gpu(engine) => engine.plan().gpu_bytes(),
            Self::Cpu(engine) => engine.bytes(),
        }
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`. On the CPU there is no time on a GPU, and there are no
    /// submissions.
    pub async fn run(&self, input: &[f32]) -> Result<Run, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.run(input).await?,
            Self::Cpu(engine) => {
                let cpu::Run { outputs, wall_ms } = engine.run(input)?;
                Run { outputs, wall_ms, gpu_ms: None, submissions: 0 }
            }
        })
    }

    /// Milliseconds of every step.
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<StepTime>, Error> {
        match self {
            Self::Gpu(engine) => Ok(engine.profile(input).await?),
            Self::Cpu(engine) => {
                let times = engine.profile(input)?;
                let plan = engine.plan();
                let name = |&layer: &usize| plan.graph.layers[layer].name.clone();
                let layers = plan.steps.iter().map(|step| step.layers.iter().map(name).collect());
                Ok(layers.zip(times).map(|(layers, ms)| StepTime { layers, ms }).collect())
            }
        }
    }
}
