//! A network that learns, on the GPU or the CPU.

use super::Device;
use crate::cpu;
use crate::error::Error;
use crate::gpu;
use crate::plan::{Hyperparameters, LearningStep, TrainingPlan};
use crate::weights::{NamedTensors, TensorSource};

/// A training plan on a device, with its parameters, velocities and running statistics.
pub enum Trainer {
    /// wgpu: WebGPU in a browser, Vulkan, Metal or Direct3D 12 natively.
    Gpu(Box<gpu::TrainingEngine>),
    /// The CPU, with SIMD if the target has it.
    Cpu(Box<cpu::TrainingEngine>),
}

impl Trainer {
    /// Prepares the plan on `device` with the tensors that training begins with.
    ///
    /// # Errors
    /// What the tensors, the memory or the GPU refuse.
    pub async fn build(device: &Device, plan: TrainingPlan, source: &dyn TensorSource) -> Result<Self, Error> {
        Ok(match device {
            Device::Gpu(gpu) => Self::Gpu(Box::new(gpu::TrainingEngine::new(gpu, plan, source).await?)),
            _ => Self::Cpu(Box::new(cpu::TrainingEngine::new(plan, source)?)),
        })
    }

    /// The plan that is executed.
    pub fn plan(&self) -> &TrainingPlan {
        match self {
            Self::Gpu(engine) => engine.plan(),
            Self::Cpu(engine) => engine.plan(),
        }
    }

    /// Added to variances under batch norm's square root.
    pub fn bn_eps(&self) -> f64 {
        match self {
            Self::Gpu(engine) => engine.bn_eps(),
            Self::Cpu(engine) => engine.bn_eps(),
        }
    }

    /// One step on a batch: `input` is row-major `[n, in_channels, h, w]`, normalised, `labels` has the class of each picture.
    ///
    /// # Errors
    /// A batch that does not fit, and nothing has changed then; or what the GPU reports.
    pub async fn step(
        &mut self,
        input: &[f32],
        labels: &[u32],
        settings: &Hyperparameters,
    ) -> Result<LearningStep, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.step(input, labels, settings).await?,
            Self::Cpu(engine) => engine.step(input, labels, settings)?,
        })
    }

    /// Takes a step as [`Trainer::step`] does, and gives the milliseconds of each of the plan's steps.
    ///
    /// # Errors
    /// As [`Trainer::step`].
    pub async fn profile(
        &mut self,
        input: &[f32],
        labels: &[u32],
        settings: &Hyperparameters,
    ) -> Result<Vec<f64>, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.profile(input, labels, settings).await?,
            Self::Cpu(engine) => engine.profile(input, labels, settings)?,
        })
    }

    /// Parameters and running statistics as they are now: a whole network.
    ///
    /// # Errors
    /// What the GPU reports.
    pub async fn tensors(&self) -> Result<NamedTensors, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.tensors().await?,
            Self::Cpu(engine) => engine.tensors().collect::<NamedTensors>().with_bn_eps(engine.bn_eps()),
        })
    }

    /// What the optimiser remembers of each parameter's gradients, by the parameter's key.
    ///
    /// # Errors
    /// What the GPU reports.
    pub async fn velocities(&self) -> Result<NamedTensors, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.velocities().await?,
            Self::Cpu(engine) => engine.velocities().collect(),
        })
    }

    /// The gradients of the last step. None unless the plan keeps them.
    ///
    /// # Errors
    /// What the GPU reports.
    pub async fn gradients(&self) -> Result<NamedTensors, Error> {
        Ok(match self {
            Self::Gpu(engine) => engine.gradients().await?,
            Self::Cpu(engine) => engine.gradients().collect(),
        })
    }

    /// Goes on from another moment of training: what [`Trainer::tensors`] and [`Trainer::velocities`] gave then.
    ///
    /// # Errors
    /// A tensor that is missing or of another shape; nothing has changed then.
    pub fn restore(&mut self, tensors: &dyn TensorSource, velocities: &dyn TensorSource) -> Result<(), Error> {
        match self {
            Self::Gpu(engine) => engine.restore(tensors, velocities)?,
            Self::Cpu(engine) => engine.restore(tensors, velocities)?,
        }
        Ok(())
    }
}
