//! Choice by measurement: every method that a kind of layer may be computed with is timed on a layer of that kind.

use web_time::Instant;

use super::bound_step::BoundStep;
use super::destroy_on_drop::Buffer;
use super::timestamps::{Timestamps, milliseconds};
use super::{Gpu, GpuError};
use crate::kernels::{ConvClass, ConvKernel, ConvLaunch, Dispatch, Epilogue, Method, Tuning, WeightDtype};
use crate::shape::{Conv2dSpec, Nchw};

/// How long tuning may take. A step that is under way is finished.
const BUDGET_MS: u128 = 300;
/// On software adapters, which compile and compute on the processor.
const SOFTWARE_BUDGET_MS: u128 = 1000;
/// Timed runs of each method, in turns. The fastest counts: a disturbance can only make a run slower.
const ROUNDS: usize = 2;
/// Another method must be faster than the present one by this share to take its place.
const MARGIN: f64 = 0.05;
/// Launches timed together on a GPU: as many as take [`ENOUGH_MS`], within these bounds.
const REPEATS: [u32; 2] = [20, 400];
/// Browsers round timestamps to 0.1 ms, which is less than [`MARGIN`] of this.
const ENOUGH_MS: f64 = 2.5;

/// What one method took for the layer of a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// The class of layers.
    pub class: ConvClass,
    /// The method that was tried.
    pub method: Method,
    /// Milliseconds of one launch, the fastest of the rounds.
    pub ms: f64,
}

/// A tuning with the measurements it rests on. Classes that the time did not suffice for keep their method.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuned {
    /// The fastest method of each class.
    pub tuning: Tuning,
    /// Every method that was timed.
    pub trials: Vec<Trial>,
    /// Whether there was time for all methods of all classes, or measuring them again would not be worth it.
    pub complete: bool,
    /// Milliseconds that it all took.
    pub ms: f64,
}

/// A launch with buffers of its own.
struct Candidate {
    method: Method,
    step: BoundStep,
    /// Those that the step is bound to.
    _buffers: Vec<Buffer>,
    best_ms: f64,
}

impl Gpu {
    /// The methods that networks are planned with on this device.
    pub fn tuning(&self) -> Tuning {
        self.tuning.get()
    }

    /// Takes another tuning, such as one kept from a former visit. Networks that are built already keep theirs.
    pub fn set_tuning(&self, mut tuning: Tuning) {
        // Another device may have had the same name.
        tuning.product_f16 &= self.adapter().f16;
        self.tuning.set(tuning);
    }

    /// Times the methods and takes the fastest. A method that the device refuses is left out.
    ///
    /// # Errors
    /// The loss of the device; the tuning is then the former one.
    pub async fn tune(&self) -> Result<Tuned, GpuError> {
        let (start, software) = (Instant::now(), self.adapter().software);
        let budget = if software { SOFTWARE_BUDGET_MS } else { BUDGET_MS };
        let in_time = || start.elapsed().as_millis() < budget;
        let (mut tuning, mut trials, mut complete) = (self.tuning.get(), Vec::new(), true);
        let mut rolled_costs = Some(0.0);
        for class in ConvClass::ALL {
            let present = tuning.method(class);
            // The present one first: without it nothing can be compared.
            let others = self.methods(class).filter(|&method| method != present);
            let (mut candidates, mut repeats) = (Vec::new(), 1);
            for method in std::iter::once(present).chain(others) {
                if !in_time() {
                    // On software adapters the first guess rests on measurements already.
                    complete = software;
                    break;
                }
                if let Some((candidate, ms)) = given(self.try_out(class, method, true).await)? {
                    repeats = if candidates.is_empty() { self.repeats(ms) } else { repeats };
                    candidates.push(candidate);
                }
            }
            for _ in 0..ROUNDS {
                for candidate in &mut candidates {
                    self.time_again(candidate, repeats).await?;
                }
            }
            let times: Vec<(Method, f64)> = candidates.iter().map(|tried| (tried.method, tried.best_ms)).collect();
            trials.extend(times.iter().map(|&(method, ms)| Trial { class, method, ms }));
            let method = fastest(present, &times);
            tuning = tuning.with(class, method);
            let unrolled = times.iter().find(|(tried, _)| *tried == method).map(|&(_, ms)| ms);
            let rolled = if in_time() { self.rolled(class, method, repeats).await? } else { None };
            rolled_costs = rolled_costs.zip(rolled).zip(unrolled).map(|((costs, rolled), ms)| costs + rolled - ms);
        }
        tuning.unroll = rolled_costs.is_none_or(|costs| costs > 0.0);
        tuning.product_f16 = self.trust.allows_f16() && self.multiplies_in_f16().await;
        self.tuning.set(tuning);
        // What was found right before is to be so still, beside what is used now.
        self.trust.forget_checks();
        Ok(Tuned { tuning, trials, complete, ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// Milliseconds of a launch whose loops the driver is left to unroll; `None` where it refused, and on software adapters:
    /// SwiftShader takes nine times as long for it, and lavapipe up to four times.
    async fn rolled(&self, class: ConvClass, method: Method, repeats: u32) -> Result<Option<f64>, GpuError> {
        if self.adapter().software {
            return Ok(None);
        }
        let Some((mut candidate, _)) = given(self.try_out(class, method, false).await)? else { return Ok(None) };
        for _ in 0..ROUNDS {
            self.time_again(&mut candidate, repeats).await?;
        }
        Ok(Some(candidate.best_ms))
    }

    /// Keeps the time of another round where it is the best so far.
    async fn time_again(&self, candidate: &mut Candidate, repeats: u32) -> Result<(), GpuError> {
        let ms = given(self.time(candidate, repeats).await)?.unwrap_or(f64::INFINITY);
        candidate.best_ms = candidate.best_ms.min(ms);
        Ok(())
    }

    /// A candidate that has run, with what a launch took.
    async fn try_out(&self, class: ConvClass, method: Method, unroll: bool) -> Result<(Candidate, f64), GpuError> {
        let (mut dispatch, sizes) = launch(class, method, self.adapter().software);
        dispatch.kernel = dispatch.kernel.unrolled(unroll);
        self.compile(&dispatch.kernel).await?;
        let candidate = self.candidate(method, &dispatch, sizes);
        // Compiles where compilation waits for the first use.
        let ms = self.time(&candidate, self.repeats(f64::INFINITY)).await?;
        Ok((candidate, ms))
    }

    /// Launches to be timed together where one takes `ms`. On a software adapter one is enough.
    fn repeats(&self, ms: f64) -> u32 {
        let [least, most] = REPEATS;
        if self.adapter().software { 1 } else { ((ENOUGH_MS / ms) as u32).clamp(least, most) }
    }

    /// Methods to try. On a software adapter a barrier suspends every thread and compiling a kernel with barriers takes half of
    /// the time there is: they came out three to five times slower on each that was measured.
    fn methods(&self, class: ConvClass) -> impl Iterator<Item = Method> {
        let software = self.adapter().software;
        class
            .methods()
            .iter()
            .copied()
            .filter(move |&method| (!software || method.in_registers()) && self.trust.allows(class, method))
    }

    fn candidate(&self, method: Method, dispatch: &Dispatch, sizes: [usize; 5]) -> Candidate {
        let buffer = |size: usize, usage| {
            let size = size.next_multiple_of(16) as u64;
            Buffer::new(&self.device, "cardinal.tune", size, usage | wgpu::BufferUsages::COPY_DST)
        };
        let uniform = buffer(dispatch.params.len(), wgpu::BufferUsages::UNIFORM);
        self.queue.write_buffer(&uniform, 0, &dispatch.params);
        let mut buffers: Vec<Buffer> = sizes.iter().map(|len| buffer(4 * len, wgpu::BufferUsages::STORAGE)).collect();
        let bound: Vec<&Buffer> = buffers.iter().collect();
        let step = BoundStep::new(self, "cardinal.tune", dispatch, (uniform.as_entire_buffer_binding(), 0), &bound);
        buffers.push(uniform);
        Candidate { method, step, _buffers: buffers, best_ms: f64::INFINITY }
    }

    /// Milliseconds of one launch: by timestamps, or by the clock where the adapter has none.
    async fn time(&self, candidate: &Candidate, repeats: u32) -> Result<f64, GpuError> {
        let timestamps = Timestamps::new(self, 1);
        let readback = Buffer::readback(&self.device, Timestamps::bytes(1));
        let mut encoder = self.device.create_command_encoder(&Default::default());
        let timestamp_writes = timestamps.as_ref().map(|timestamps| timestamps.writes(0));
        let mut pass =
            encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some("cardinal.tune"), timestamp_writes });
        candidate.step.record(&mut pass, repeats);
        drop(pass);
        if let Some(timestamps) = &timestamps {
            timestamps.resolve(&mut encoder, 1, &readback, 0);
        }
        let start = Instant::now();
        self.queue.submit([encoder.finish()]);
        let ms = if timestamps.is_some() {
            milliseconds(self, &self.read(&readback).await?).iter().sum()
        } else {
            self.idle().await?;
            start.elapsed().as_secs_f64() * 1e3
        };
        Ok(ms / f64::from(repeats))
    }
}

/// `None` where the device refused; its loss is an error.
fn given<T>(outcome: Result<T, GpuError>) -> Result<Option<T>, GpuError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_lost() => Err(error),
        Err(_) => Ok(None),
    }
}

/// The method to take, by milliseconds per launch. A time of zero means that the clock is too coarse, and is ignored.
fn fastest(present: Method, times: &[(Method, f64)]) -> Method {
    let limit =
        times.iter().find(|(method, _)| *method == present).map_or(f64::INFINITY, |(_, ms)| ms * (1.0 - MARGIN));
    let faster = times.iter().filter(|(_, ms)| *ms > 0.0 && *ms < limit);
    faster.min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(present, |&(method, _)| method)
}

/// A layer of a class, and the lengths of its buffers. ResNeXt-50's own layers; a part of one on software adapters, where the
/// whole would take too long.
fn launch(class: ConvClass, method: Method, software: bool) -> (Dispatch, [usize; 5]) {
    let (in_channels, out_channels, kernel_size, groups, h, w) = match (class, software) {
        (ConvClass::Pointwise, false) => (256, 128, 1, 1, 56, 56),
        (ConvClass::SmallPointwise, false) => (1024, 512, 1, 1, 14, 14),
        (ConvClass::Grouped, false) => (128, 128, 3, 32, 56, 56),
        (ConvClass::SmallGrouped, false) => (512, 512, 3, 32, 14, 14),
        (ConvClass::Dense, false) => (64, 64, 3, 1, 56, 56),
        (ConvClass::Pointwise, true) => (64, 128, 1, 1, 56, 56),
        (ConvClass::SmallPointwise, true) => (256, 512, 1, 1, 14, 14),
        (ConvClass::Grouped, true) => (128, 128, 3, 32, 56, 56),
        (ConvClass::SmallGrouped, true) => (512, 512, 3, 32, 14, 14),
        (ConvClass::Dense, true) => (64, 128, 3, 1, 21, 7),
    };
    let padding = kernel_size / 2;
    let spec = Conv2dSpec { in_channels, out_channels, kernel_size, stride: 1, padding, groups };
    let (input, output) = (Nchw::new(1, in_channels, h, w), Nchw::new(1, out_channels, h, w));
    let kernel = ConvKernel::of(spec, input, output, WeightDtype::F32, &Tuning::all(method));
    let epilogue = Epilogue { residual: false, relu: true };
    let dispatch = kernel
        .dispatch(ConvLaunch { spec, input, output, epilogue, weight_dtype: WeightDtype::F32 })
        .expect("these few sizes are within every limit");
    (dispatch, [input.len(), kernel.packed_len(spec), out_channels, output.len(), output.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_takes_the_place_of_a_slower_one_and_of_one_that_is_refused() {
        use Method::{RegistersLarge, RegistersSmall, Workgroup32};
        assert_eq!(
            fastest(RegistersLarge, &[(RegistersLarge, 1.0), (RegistersSmall, 0.96), (Workgroup32, 2.0)]),
            RegistersLarge,
            "hardly faster"
        );
        assert_eq!(
            fastest(RegistersLarge, &[(RegistersLarge, 1.0), (RegistersSmall, 0.9), (Workgroup32, 0.8)]),
            Workgroup32
        );
        assert_eq!(
            fastest(RegistersLarge, &[(RegistersSmall, 3.0), (Workgroup32, 4.0)]),
            RegistersSmall,
            "the present one was refused"
        );
        assert_eq!(
            fastest(RegistersLarge, &[(RegistersLarge, 1.0), (RegistersSmall, 0.0)]),
            RegistersLarge,
            "zero is no measurement"
        );
        assert_eq!(fastest(RegistersLarge, &[(RegistersLarge, 0.0), (RegistersSmall, 0.1)]), RegistersLarge);
        assert_eq!(fastest(RegistersLarge, &[(RegistersLarge, 1.0), (RegistersSmall, f64::INFINITY)]), RegistersLarge);
        assert_eq!(fastest(RegistersLarge, &[]), RegistersLarge);
    }

    #[test]
    fn the_layers_that_are_timed_are_of_their_roles() {
        for class in ConvClass::ALL {
            for software in [false, true] {
                let kernels = class.methods().iter().map(|&method| launch(class, method, software).0.kernel.name());
                let mut names: Vec<String> = kernels.collect();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), class.methods().len(), "{class:?}: each method is another kernel or tile");
            }
        }
    }
}
