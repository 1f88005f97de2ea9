//! The device that a network runs on, and its engine: one interface for the GPU and the CPU.

use std::rc::Rc;

use crate::cpu;
#[cfg(feature = "page")]
use crate::cpu::cores;
use crate::error::Error;
use crate::gpu::{self, Gpu, Progress, Run, StepTime};
use crate::plan::{Outputs, Plan, Tuning};
use crate::weights::WeightSource;

/// Where networks run: an open GPU of type `G`, or the CPU. Programs use [`Device`]; tests put a stand-in for the GPU.
#[derive(Debug)]
pub enum DeviceOf<G> {
    /// An open GPU.
    Gpu(Rc<G>),
    /// The CPU; its weights are f32 whatever the plan's dtype for the GPU is.
    Cpu,
    /// Several cores of the CPU, which share each network.
    #[cfg(feature = "page")]
    Cores(Rc<dyn cores::Sharing>),
}

/// Where networks run.
pub type Device = DeviceOf<Gpu>;

impl<G> Clone for DeviceOf<G> {
    fn clone(&self) -> Self {
        match self {
            Self::Gpu(gpu) => Self::Gpu(gpu.clone()),
            Self::Cpu => Self::Cpu,
            #[cfg(feature = "page")]
            Self::Cores(cores) => Self::Cores(cores.clone()),
        }
    }
}

impl Device {
    /// The kernels that were chosen by measuring this GPU; `None` on the CPU, which has its own.
    pub fn tuning(&self) -> Option<Tuning> {
        match self {
            Self::Gpu(gpu) => Some(gpu.tuning()),
            _ => None,
        }
    }

    /// A tuning that was asked for, without methods that the device lacks, or else the device's own.
    pub(super) fn usable(&self, tuning: Option<Tuning>) -> Option<Tuning> {
        match (self, tuning) {
            (Self::Gpu(gpu), Some(tuning)) => Some(gpu.usable(tuning)),
            _ => tuning.or_else(|| self.tuning()),
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
    /// The CPU, with SIMD if the target has it.
    Cpu(cpu::Engine),
    /// Several cores of the CPU.
    #[cfg(feature = "page")]
    Cores(Box<dyn cores::Shared>),
}

impl Engine {
    /// Prepares the plan on `device` and uploads its weights as `source` makes them available.
    ///
    /// # Errors
    /// [`Error::Gpu`] or [`Error::Cpu`], by the device, if weights cannot be read or do not fit, if there is not enough memory, or
    /// if the GPU fails.
    pub async fn build(
        device: &Device,
        plan: Plan,
        source: &dyn WeightSource,
        progress: &dyn Fn(Progress),
    ) -> Result<Self, Error> {
        match device {
            Device::Gpu(gpu) => Ok(Self::Gpu(gpu::Engine::build(gpu, plan, source, progress).await?)),
            _ => {
                progress(Progress::Planned { steps: plan.steps.len() });
                let progress = |bytes, total| progress(Progress::Weights { bytes, total });
                #[cfg(feature = "page")]
                if let Device::Cores(cores) = device
                    && let Some(engine) = cores.build(&plan, source, &progress).await?
                {
                    return Ok(Self::Cores(engine));
                }
                Ok(Self::Cpu(cpu::Engine::build(plan, source, &progress).await?))
            }
        }
    }

    /// The plan that the engine executes.
    pub fn plan(&self) -> &Plan {
        match self {
            Self::Gpu(engine) => engine.plan(),
            Self::Cpu(engine) => engine.plan(),
            #[cfg(feature = "page")]
            Self::Cores(engine) => engine.plan(),
        }
    }

    /// Bytes of its weights and activations.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Gpu(engine) => engine.plan().gpu_bytes(),
            Self::Cpu(engine) => engine.bytes(),
            #[cfg(feature = "page")]
            Self::Cores(engine) => engine.bytes(),
        }
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`. On the CPU [`Run::gpu_ms`] is `None` and
    /// [`Run::submissions`] 0.
    ///
    /// # Errors
    /// [`Error::Gpu`] or [`Error::Cpu`] if `input` has the wrong length, if the engine is busy, or if the GPU fails.
    pub async fn run(&self, input: &[f32]) -> Result<Run, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.run(input).await?,
            Self::Cpu(engine) => on_cpu(engine.run(input)?),
            #[cfg(feature = "page")]
            Self::Cores(engine) => on_cpu(engine.run(input).await?),
        })
    }

    /// Runs the network on `input`, `[n, in_channels, h, w]`, as far as it takes, and gives the outputs of the named layers and
    /// blocks, in the order of `names`. Each is copied in the course of the run, so that no memory is kept for it.
    ///
    /// # Errors
    /// [`Error::Plan`] if a name is not in the graph or its output is not in memory in this plan (see [`Plan::written`]); otherwise
    /// as [`Engine::run`].
    pub async fn read(&self, input: &[f32], names: &[&str]) -> Result<Outputs, Error> {
        let tensors = names.iter().map(|name| self.plan().written(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(match self {
            Self::Gpu(engine) => engine.read(input, &tensors).await?,
            Self::Cpu(engine) => engine.read(input, &tensors)?,
            #[cfg(feature = "page")]
            Self::Cores(engine) => engine.read(input, &tensors).await?,
        })
    }

    /// Class activation maps (Zhou et al. 2016) of the pictures of a run: the last block's channels, each times its weight for a
    /// class, summed; `[n, classes, h, w]` at the size of the last block. `weight` is `[classes, c]`, as
    /// [`class_rows`](super::class_rows) gives it. `None` where `run`, its [`Run::id`], is not the last run, or where the plan has no last block.
    ///
    /// # Errors
    /// [`Error::Gpu`] if the engine is busy, or if the GPU fails.
    pub async fn class_activation(&self, run: u64, weight: &[f32]) -> Result<Option<Vec<f32>>, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.class_activation(run, weight).await?,
            Self::Cpu(engine) => engine.class_activation(run, weight),
            #[cfg(feature = "page")]
            Self::Cores(engine) => engine.class_activation(run, weight).await?,
        })
    }

    /// Runs the network on `input`, `[n, in_channels, h, w]`, and gives the milliseconds per step of the plan.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<StepTime>, Error> {
        let times = match self {
            Self::Gpu(engine) => return Ok(engine.profile(input).await?),
            Self::Cpu(engine) => engine.profile(input)?,
            #[cfg(feature = "page")]
            Self::Cores(engine) => engine.profile(input).await?,
        };
        let time = |(index, (ms, repeats))| StepTime {
            kernel: String::new(),
            ..StepTime::new(self.plan(), index, ms, repeats)
        };
        Ok(times.into_iter().enumerate().map(time).collect())
    }
}

fn on_cpu(cpu::Run { id, outputs, wall_ms }: cpu::Run) -> Run {
    Run { id, outputs, wall_ms, gpu_ms: None, submissions: 0 }
}
