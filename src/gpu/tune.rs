//! Choice by measurement: every method that a kind of layer may be computed with is timed on a layer of that kind.

use web_time::Instant;

use super::bound_step::BoundStep;
use super::comparison::{self, median};
use super::destroy_on_drop::Buffer;
use super::timestamps::{Timestamps, milliseconds};
use super::{Gpu, GpuError};
use crate::kernels::{ConvClass, ConvKernel, ConvLaunch, Dispatch, Epilogue, GpuDtype, Method, Tuning};
use crate::shape::{Conv2dSpec, Nchw};

/// How long tuning may take. A class that has begun is finished with two methods at least: one alone says nothing.
const BUDGET_MS: u128 = 300;
/// On software adapters, which compile and compute on the processor.
const SOFTWARE_BUDGET_MS: u128 = 1000;
/// How long it may take beyond that to compare activations in f16 with those in f32.
const F16_BUDGET_MS: u128 = 200;
/// Timed runs with loops that the driver is left to unroll, beside those without. The fastest counts.
const ROLLED_ROUNDS: usize = 2;
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
    /// Milliseconds of one launch, the median of the rounds.
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
    step: BoundStep,
    /// Those that the step is bound to.
    _buffers: Vec<Buffer>,
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
        tuning.activation_f16 &= self.adapter().f16 && self.trust.allows_activation_f16();
        self.tuning.set(self.usable(tuning));
    }

    /// Times the methods and takes the fastest. A method that the device refuses is left out.
    ///
    /// # Errors
    /// The loss of the device; the tuning is then the former one.
    pub async fn tune(&self) -> Result<Tuned, GpuError> {
        let (start, software) = (Instant::now(), self.adapter().software);
        let budget = if software { SOFTWARE_BUDGET_MS } else { BUDGET_MS };
        let in_time = || start.elapsed().as_millis() < budget;
        let (first, mut tuning) = (self.adapter().first_tuning(), self.tuning.get());
        let (mut trials, mut in_full) = (Vec::new(), true);
        let mut rolled_costs = Some([0.0, 0.0]);
        for class in ConvClass::ALL {
            if !in_time() {
                (in_full, rolled_costs) = (false, None);
                break;
            }
            // That of the first guess, unless it is avoided. It comes first: without it nothing can be compared.
            let guessed = Some(first.method(class)).filter(|&method| self.trust.allows(class, method));
            let known = guessed.unwrap_or(tuning.method(class));
            let others = self.methods(class).filter(|&method| method != known);
            let (mut candidates, mut times, mut repeats) = (Vec::new(), Vec::new(), 1);
            for method in std::iter::once(known).chain(others) {
                if candidates.len() >= 2 && !in_time() {
                    in_full = false;
                    break;
                }
                if let Some((candidate, ms)) = given(self.try_out(class, method, true, false).await)? {
                    repeats = if candidates.is_empty() { self.repeats(ms) } else { repeats };
                    candidates.push(candidate);
                    times.push((method, Vec::new()));
                }
            }
            for round in 0.. {
                let next = comparison::next_round(&times);
                if next.is_empty() {
                    break;
                }
                if round >= comparison::LEAST_ROUNDS && !in_time() {
                    in_full = false;
                    break;
                }
                for index in next {
                    let ms = given(self.time(&candidates[index], repeats).await)?;
                    times[index].1.push(ms.unwrap_or(f64::INFINITY));
                }
            }
            let timed = times.iter().filter(|(_, times)| !times.is_empty());
            trials.extend(timed.map(|(method, times)| Trial { class, method: *method, ms: median(times.clone()) }));
            let method = comparison::fastest(&times).unwrap_or(known);
            tuning = tuning.with(class, method);
            let times = times.iter().find(|(tried, _)| *tried == method).map(|(_, times)| least(times));
            let rolled = if in_time() { self.rolled(class, method, repeats).await? } else { None };
            let costs = times.zip(rolled);
            rolled_costs = rolled_costs.zip(costs).map(|([a, b], (unrolled, rolled))| [a + unrolled, b + rolled]);
        }
        tuning.unroll = rolled_costs.is_none_or(|[unrolled, rolled]| rolled > unrolled * (1.0 - comparison::MARGIN));
        tuning.activation_f16 = self.is_faster_in_f16(tuning).await?;
        let has_f16 = ConvClass::ALL.iter().any(|&class| !tuning.method(class).in_registers());
        tuning.product_f16 = has_f16 && self.trust.allows_f16() && self.multiplies_in_f16().await;
        self.tuning.set(tuning);
        // What was found right before is to be so still, beside what is used now.
        self.trust.forget_checks();
        // On software adapters the first guess rests on measurements already.
        let complete = in_full || software;
        Ok(Tuned { tuning, trials, complete, ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// Milliseconds of a launch whose loops the driver is left to unroll; `None` where it refused, and on software adapters:
    /// SwiftShader takes nine times as long for it, and lavapipe up to four times.
    async fn rolled(&self, class: ConvClass, method: Method, repeats: u32) -> Result<Option<f64>, GpuError> {
        if self.adapter().software {
            return Ok(None);
        }
        let Some((candidate, _)) = given(self.try_out(class, method, false, false).await)? else { return Ok(None) };
        let mut times = Vec::new();
        for _ in 0..ROLLED_ROUNDS {
            times.push(given(self.time(&candidate, repeats).await)?.unwrap_or(f64::INFINITY));
        }
        Ok(Some(least(&times)))
    }

    /// Whether the layers of all classes together take less time with activations in f16. Software adapters are not asked: to compile
    /// the kernels takes longer than all of tuning may, and on lavapipe the gain was less than other work on the machine costs.
    async fn is_faster_in_f16(&self, tuning: Tuning) -> Result<bool, GpuError> {
        if self.adapter().software || !self.adapter().f16 || !self.trust.allows_activation_f16() {
            return Ok(false);
        }
        let start = Instant::now();
        let mut layers = Vec::new();
        for class in ConvClass::ALL {
            let method = tuning.method(class);
            let single = given(self.try_out(class, method, tuning.unroll, false).await)?;
            let half = given(self.try_out(class, method, tuning.unroll, true).await)?;
            let (Some((single, ms)), Some((half, _))) = (single, half) else { return Ok(false) };
            layers.push(([single, half], self.repeats(ms)));
        }
        let (mut single, mut half) = (Vec::new(), Vec::new());
        while start.elapsed().as_millis() < F16_BUDGET_MS {
            let mut sums = [0.0; 2];
            for (candidates, repeats) in &layers {
                // In turns, so that none is always the first, after a pause.
                for turn in 0..2 {
                    let which = (turn + single.len()) % 2;
                    sums[which] += self.time(&candidates[which], *repeats).await?;
                }
            }
            single.push(sums[0]);
            half.push(sums[1]);
            if let Some(is_faster) = comparison::is_faster(&single, &half) {
                return Ok(is_faster);
            }
        }
        Ok(false)
    }

    /// A candidate that has run, with what a launch took.
    async fn try_out(
        &self,
        class: ConvClass,
        method: Method,
        unroll: bool,
        f16: bool,
    ) -> Result<(Candidate, f64), GpuError> {
        let (mut dispatch, sizes) = launch(class, method, self.adapter().software);
        dispatch.kernel = dispatch.kernel.unrolled(unroll).over_f16(f16);
        self.compile(&dispatch.kernel).await?;
        let candidate = self.candidate(&dispatch, sizes);
        // Compiles where compilation waits for the first use.
        let ms = self.time(&candidate, self.repeats(f64::INFINITY)).await?;
        Ok((candidate, ms))
    }

    /// Launches to be timed together where one takes `ms`. On a software adapter one is enough.
    fn repeats(&self, ms: f64) -> u32 {
        let [least, most] = REPEATS;
        if self.adapter().software { 1 } else { ((ENOUGH_MS / ms) as u32).clamp(least, most) }
    }

    /// Methods to try.
    fn methods(&self, class: ConvClass) -> impl Iterator<Item = Method> {
        let hopeless = move |method| self.adapter().is_hopeless(class, method);
        class.methods().iter().copied().filter(move |&method| !hopeless(method) && self.trust.allows(class, method))
    }

    fn candidate(&self, dispatch: &Dispatch, sizes: [usize; 5]) -> Candidate {
        let buffer = |size: usize, usage| {
            let size = size.next_multiple_of(16) as u64;
            Buffer::new(&self.device, "cardinal.tune", size, usage | wgpu::BufferUsages::COPY_DST)
        };
        let uniform = buffer(dispatch.params.len(), wgpu::BufferUsages::UNIFORM);
        self.queue.write_buffer(&uniform, 0, &dispatch.params);
        let mut buffers: Vec<Buffer> = sizes.iter().map(|len| buffer(4 * len, wgpu::BufferUsages::STORAGE)).collect();
        let bound: Vec<&Buffer> = buffers.iter().collect();
        let overflow = buffer(1, wgpu::BufferUsages::STORAGE);
        let uniforms = (uniform.as_entire_buffer_binding(), 0);
        let step = BoundStep::new(self, "cardinal.tune", dispatch, uniforms, &bound, Some(&overflow));
        buffers.extend([uniform, overflow]);
        Candidate { step, _buffers: buffers }
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

fn least(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
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
        (ConvClass::Dense, true) => (64, 128, 3, 1, 40, 7),
    };
    let padding = kernel_size / 2;
    let spec = Conv2dSpec { in_channels, out_channels, kernel_size, stride: 1, padding, groups };
    let (input, output) = (Nchw::new(1, in_channels, h, w), Nchw::new(1, out_channels, h, w));
    let kernel = ConvKernel::of(spec, input, output, GpuDtype::F32, &Tuning::all(method));
    let epilogue = Epilogue { residual: false, relu: true };
    let dispatch = kernel
        .dispatch(ConvLaunch { spec, input, output, epilogue, weight_dtype: GpuDtype::F32 })
        .expect("these few sizes are within every limit");
    (dispatch, [input.len(), kernel.packed_len(spec), out_channels, output.len(), output.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

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
