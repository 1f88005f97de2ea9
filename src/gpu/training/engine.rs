//! Runs the steps of a training plan, again and again.

use std::cell::Cell;
use std::rc::Rc;

use web_time::Instant;

use super::buffers::{Buffers, write};
use crate::gpu::bound_step::BoundStep;
use crate::gpu::build::{fits, scoped};
use crate::gpu::destroy_on_drop::Buffer;
use crate::gpu::engine::{Busy, SUBMISSION_SECONDS};
use crate::gpu::{Gpu, GpuError};
use crate::kernels::KernelError;
use crate::plan::{Hyperparameters, Launch, LaunchOptions, LearningStep, State, TrainingPlan, submissions};
use crate::weights::{NamedTensors, TensorSource};

/// A launch that is ready to be recorded.
pub(super) struct BoundLaunch {
    pub bound: BoundStep,
    /// Index of the plan's step that it belongs to.
    pub step: usize,
    /// Multiply-adds: the step's for its last launch, 0 for one that packs weights for it.
    pub macs: u64,
}

/// A network that learns on a GPU.
pub struct TrainingEngine {
    pub(super) gpu: Rc<Gpu>,
    pub(super) plan: TrainingPlan,
    bn_eps: f64,
    buffers: Buffers,
    /// The uniforms of all launches, at a distance of `stride` bytes.
    uniforms: Buffer,
    stride: usize,
    /// In order.
    pub(super) launches: Vec<BoundLaunch>,
    /// Those that the uniforms are of.
    settings: Cell<Option<Hyperparameters>>,
    pub(super) busy: Cell<bool>,
}

impl TrainingEngine {
    /// Compiles what is not compiled yet, allocates, and uploads the parameters and running statistics that training begins with.
    ///
    /// # Errors
    /// What the tensors or the device refuse.
    pub async fn new(gpu: &Rc<Gpu>, plan: TrainingPlan, source: &dyn TensorSource) -> Result<Self, GpuError> {
        gpu.check()?;
        fits(gpu, plan.slots.iter().copied().chain(plan.parameters.iter().map(State::bytes)))?;
        let bn_eps = source.bn_eps();
        let of_steps = launches(&plan, bn_eps, &Hyperparameters::default())?;
        let all: Vec<Launch> = of_steps.iter().flatten().cloned().collect();
        let align = gpu.device.limits().min_uniform_buffer_offset_alignment as usize;
        let stride = all.iter().map(|launch| launch.dispatch.params.len()).max().unwrap_or(4).next_multiple_of(align);
        let mut memory = None;
        scoped(gpu, &mut || {
            let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
            let bytes = (stride * all.len()) as u64;
            let uniforms = Buffer::new(&gpu.device, "cardinal.training.uniforms", bytes, usage);
            memory = Some((Buffers::allocate(gpu, &plan, &all), uniforms));
        })
        .await?;
        let (buffers, uniforms) = memory.unwrap_or_else(|| unreachable!("a scope makes at once"));
        write(gpu, &buffers.plan.parameters, &State::read(&plan.parameters, source)?);
        write(gpu, &buffers.plan.running, &State::read(&plan.running, source)?);

        let (mut bound, mut outcomes) = (Vec::with_capacity(all.len()), Vec::new());
        for (at, (step, launches)) in plan.steps.iter().zip(&of_steps).enumerate() {
            for (index, launch) in launches.iter().enumerate() {
                let operands: Vec<&Buffer> =
                    launch.operands.iter().map(|&operand| buffers.operand(step, operand)).collect();
                let size = launch.dispatch.params.len().next_multiple_of(16).min(stride) as u64;
                let uniform = wgpu::BufferBinding { buffer: &uniforms, offset: 0, size: wgpu::BufferSize::new(size) };
                let offset = (bound.len() * stride) as u32;
                let label = format!("cardinal.{}.{}", step.label, step.task.name());
                let macs = if index + 1 == launches.len() { step.macs } else { 0 };
                outcomes.push(scoped(gpu, &mut || {
                    let uniform = (uniform.clone(), offset);
                    bound.push(BoundLaunch {
                        bound: BoundStep::new(gpu, &label, &launch.dispatch, uniform, &operands, None),
                        step: at,
                        macs,
                    });
                }));
            }
        }
        for outcome in outcomes {
            outcome.await?;
        }
        gpu.check()?;
        let (settings, busy) = (Cell::new(None), Cell::new(false));
        Ok(Self { gpu: gpu.clone(), plan, bn_eps, buffers, uniforms, stride, launches: bound, settings, busy })
    }

    /// The plan that it executes.
    pub fn plan(&self) -> &TrainingPlan {
        &self.plan
    }

    /// One step on a batch: `input` is row-major `[n, in_channels, h, w]`, `labels` has the class of each picture.
    ///
    /// # Errors
    /// A batch of another size, or a label that is no class, and nothing has changed then; [`GpuError::Busy`] during another step,
    /// or what the device reports.
    pub async fn step(
        &self,
        input: &[f32],
        labels: &[u32],
        settings: &Hyperparameters,
    ) -> Result<LearningStep, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        let start = Instant::now();
        self.write_batch(input, labels, settings)?;
        let buffers = &self.buffers.plan;

        let outputs = [&self.plan.losses, &self.plan.logits];
        let bytes = outputs.map(|output| output.shape.bytes() as u64);
        let readback = Buffer::readback(&self.gpu.device, bytes[0] + bytes[1]);
        let limit = (self.gpu.rate.get() * SUBMISSION_SECONDS) as u64;
        let ranges = submissions(self.launches.iter().map(|launch| launch.macs), limit);
        for (index, range) in ranges.iter().enumerate() {
            let mut encoder = self.encoder();
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: Some("cardinal.training"),
                ..Default::default()
            });
            for launch in &self.launches[range.clone()] {
                launch.bound.record(&mut pass, 1);
            }
            drop(pass);
            let last = index + 1 == ranges.len();
            if last {
                let mut offset = 0;
                for (output, bytes) in outputs.into_iter().zip(bytes) {
                    encoder.copy_buffer_to_buffer(&buffers.slots[output.slot], 0, &readback, offset, bytes);
                    offset += bytes;
                }
            }
            self.gpu.queue.submit([encoder.finish()]);
            if !last {
                self.gpu.idle().await?;
            }
        }
        let values: Vec<f32> = bytemuck::pod_collect_to_vec(&self.gpu.read(&readback).await?);
        let wall_ms = start.elapsed().as_secs_f64() * 1e3;
        self.gpu.rate.set(self.plan.macs() as f64 / wall_ms.max(0.1) * 1e3);
        let (losses, logits) = values.split_at(self.plan.losses.shape.len());
        Ok(LearningStep::new(losses, logits, wall_ms))
    }

    /// Parameters and running statistics as they are now, by PyTorch's keys.
    ///
    /// # Errors
    /// [`GpuError::Busy`] during a step, or what the device reports.
    pub async fn tensors(&self) -> Result<NamedTensors, GpuError> {
        let parameters = self.plan.parameters.iter().zip(&self.buffers.plan.parameters);
        self.read(parameters.chain(self.plan.running.iter().zip(&self.buffers.plan.running))).await
    }

    /// What the optimiser remembers of each parameter's gradients, by the parameter's key.
    ///
    /// # Errors
    /// [`GpuError::Busy`] during a step, or what the device reports.
    pub async fn velocities(&self) -> Result<NamedTensors, GpuError> {
        self.read(self.plan.parameters.iter().zip(&self.buffers.plan.velocities)).await
    }

    /// The gradients of the last step by PyTorch's keys. Empty unless the plan keeps them.
    ///
    /// # Errors
    /// [`GpuError::Busy`] during a step, or what the device reports.
    pub async fn gradients(&self) -> Result<NamedTensors, GpuError> {
        let slots = self.plan.gradients.iter().map(|&slot| &self.buffers.plan.slots[slot]);
        self.read(self.plan.parameters.iter().zip(slots)).await
    }

    /// Goes on from another moment of training: `tensors` and `velocities` have what [`TrainingEngine::tensors`] and
    /// [`TrainingEngine::velocities`] gave then.
    ///
    /// # Errors
    /// A tensor that is missing or of another shape; nothing has changed then.
    pub fn restore(&self, tensors: &dyn TensorSource, velocities: &dyn TensorSource) -> Result<(), GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        let (plan, buffers) = (&self.plan, &self.buffers.plan);
        let parameters = State::read(&plan.parameters, tensors)?;
        let running = State::read(&plan.running, tensors)?;
        let velocities = State::read(&plan.parameters, velocities)?;
        write(&self.gpu, &buffers.parameters, &parameters);
        write(&self.gpu, &buffers.running, &running);
        write(&self.gpu, &buffers.velocities, &velocities);
        Ok(())
    }

    /// Added to variances under batch norm's square root.
    pub fn bn_eps(&self) -> f64 {
        self.bn_eps
    }

    /// Hands over a batch, and the settings that its step is to have.
    pub(super) fn write_batch(
        &self,
        input: &[f32],
        labels: &[u32],
        settings: &Hyperparameters,
    ) -> Result<(), GpuError> {
        self.gpu.check()?;
        self.plan.check_batch(input, labels)?;
        self.set(settings)?;
        let buffers = &self.buffers.plan;
        self.gpu.queue.write_buffer(&buffers.slots[self.plan.input_slot], 0, bytemuck::cast_slice(input));
        self.gpu.queue.write_buffer(&buffers.labels, 0, bytemuck::cast_slice(labels));
        Ok(())
    }

    /// Writes the uniforms where the settings are others than before.
    fn set(&self, settings: &Hyperparameters) -> Result<(), GpuError> {
        if self.settings.get() == Some(*settings) {
            return Ok(());
        }
        let mut params = vec![0; self.stride * self.launches.len()];
        let launches = launches(&self.plan, self.bn_eps, settings)?;
        for (launch, target) in launches.iter().flatten().zip(params.chunks_exact_mut(self.stride)) {
            target[..launch.dispatch.params.len()].copy_from_slice(&launch.dispatch.params);
        }
        self.gpu.queue.write_buffer(&self.uniforms, 0, &params);
        self.settings.set(Some(*settings));
        Ok(())
    }

    /// The tensors of some states, each from its buffer.
    async fn read<'a>(
        &'a self,
        states: impl Iterator<Item = (&'a State, &'a Buffer)>,
    ) -> Result<NamedTensors, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        self.gpu.check()?;
        let states: Vec<(&State, &Buffer)> = states.collect();
        let total: usize = states.iter().map(|(state, _)| state.bytes()).sum();
        if total == 0 {
            return Ok(NamedTensors::default());
        }
        let readback = Buffer::readback(&self.gpu.device, total as u64);
        let (mut encoder, mut offset) = (self.encoder(), 0);
        for (state, buffer) in &states {
            encoder.copy_buffer_to_buffer(buffer, 0, &readback, offset, state.bytes() as u64);
            offset += state.bytes() as u64;
        }
        self.gpu.queue.submit([encoder.finish()]);
        let values: Vec<f32> = bytemuck::pod_collect_to_vec(&self.gpu.read(&readback).await?);
        let mut rest = &values[..];
        let tensors = states.iter().flat_map(|(state, _)| {
            let (own, others) = rest.split_at(state.len());
            rest = others;
            state.split(own)
        });
        Ok(tensors.collect::<NamedTensors>().with_bn_eps(self.bn_eps))
    }

    pub(super) fn encoder(&self) -> wgpu::CommandEncoder {
        self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("cardinal.training") })
    }
}

/// The launches of every step.
fn launches(plan: &TrainingPlan, bn_eps: f64, settings: &Hyperparameters) -> Result<Vec<Vec<Launch>>, KernelError> {
    let options = LaunchOptions { settings, bn_eps, tuning: &plan.tuning };
    plan.steps.iter().map(|step| step.task.launches(options)).collect()
}
