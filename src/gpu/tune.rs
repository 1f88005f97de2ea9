//! Choice by measurement: every method that a kind of layer may be computed with is timed on a layer of that kind.

use web_time::Instant;

use super::timestamps::{Timestamps, milliseconds};
use super::{Gpu, GpuError, pause};
use crate::kernels::{ConvKernel, ConvLaunch, Dispatch, Epilogue, Method, Role, Tuning, WeightDtype};
use crate::shape::{Conv2dSpec, Nchw};

/// How long tuning may take. A step that is under way is finished.
const BUDGET_MS: u128 = 300;
/// On software adapters, which compile and compute on the processor.
const SOFTWARE_BUDGET_MS: u128 = 1000;
/// Timed runs of each method, in turns; the fastest counts, since whatever disturbs makes slower.
const ROUNDS: usize = 2;
/// Another method must be faster than the present one by this share to take its place.
const MARGIN: f64 = 0.05;

/// What one method took for the layer of a role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    pub role: Role,
    pub method: Method,
    pub ms: f64,
}

/// A tuning with the measurements it rests on. Roles that the time did not suffice for keep their method.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuned {
    pub tuning: Tuning,
    pub trials: Vec<Trial>,
    pub ms: f64,
}

/// A launch with buffers of its own.
struct Candidate {
    method: Method,
    pipeline: wgpu::ComputePipeline,
    bind_group: wgpu::BindGroup,
    workgroup_count: [u32; 3],
    buffers: Vec<wgpu::Buffer>,
    best_ms: f64,
}

impl Drop for Candidate {
    /// A browser would keep them until it collects garbage.
    fn drop(&mut self) {
        self.buffers.iter().for_each(wgpu::Buffer::destroy);
    }
}

impl Gpu {
    /// The methods that networks are planned with on this device.
    pub fn tuning(&self) -> Tuning {
        self.tuning.get()
    }

    /// Takes another tuning, such as one kept from a former visit. Networks that are built already keep theirs.
    pub fn set_tuning(&self, tuning: Tuning) {
        self.tuning.set(tuning);
    }

    /// Times the methods and takes the fastest.
    ///
    /// # Errors
    /// What the device refuses; the tuning is then the former one.
    pub async fn tune(&self) -> Result<Tuned, GpuError> {
        let start = Instant::now();
        let budget = if self.adapter().software { SOFTWARE_BUDGET_MS } else { BUDGET_MS };
        let in_time = || start.elapsed().as_millis() < budget;
        let (mut tuning, mut trials) = (self.tuning.get(), Vec::new());
        for role in Role::ALL {
            let present = tuning.method(role);
            // The present one first: without it nothing can be compared.
            let others = self.methods(role).filter(|&method| method != present);
            let mut candidates = Vec::new();
            for method in std::iter::once(present).chain(others) {
                if !in_time() {
                    break;
                }
                let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
                let candidate = self.candidate(role, method);
                if let Some(error) = scope.pop().await {
                    return Err(error.into());
                }
                // Compiles where compilation waits for the first use.
                self.time(&candidate).await?;
                candidates.push(candidate);
                pause().await;
            }
            for _ in 0..ROUNDS {
                for candidate in &mut candidates {
                    candidate.best_ms = self.time(candidate).await?.min(candidate.best_ms);
                }
                pause().await;
            }
            trials.extend(candidates.iter().map(|tried| Trial { role, method: tried.method, ms: tried.best_ms }));
            let Some(first) = candidates.first() else { break };
            let limit = first.best_ms * (1.0 - MARGIN);
            let fastest = candidates.iter().min_by(|a, b| a.best_ms.total_cmp(&b.best_ms)).unwrap_or(first);
            if fastest.best_ms < limit {
                tuning = tuning.with(role, fastest.method);
            }
        }
        tuning.product_f16 = self.multiplies_in_f16().await;
        self.tuning.set(tuning);
        Ok(Tuned { tuning, trials, ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// Methods to try. On a software adapter a barrier suspends every thread and compiling a kernel with barriers takes half of
    /// the time there is: they came out three to five times slower on each that was measured.
    fn methods(&self, role: Role) -> impl Iterator<Item = Method> {
        let software = self.adapter().software;
        role.methods().iter().copied().filter(move |method| !software || method.in_registers())
    }

    fn candidate(&self, role: Role, method: Method) -> Candidate {
        let (dispatch, sizes) = launch(role, method, self.adapter().software);
        let pipeline = self.pipeline(&dispatch.kernel);
        let buffer = |size: usize, usage| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("cardinal.tune"),
                size: size.next_multiple_of(16) as u64,
                usage: usage | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let uniform = buffer(dispatch.params.len(), wgpu::BufferUsages::UNIFORM);
        self.queue.write_buffer(&uniform, 0, &dispatch.params);
        let mut buffers = vec![uniform];
        buffers.extend(sizes.map(|len| buffer(4 * len, wgpu::BufferUsages::STORAGE)));
        let entries: Vec<wgpu::BindGroupEntry<'_>> = buffers
            .iter()
            .zip(0..)
            .map(|(buffer, binding)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        let bind_group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("cardinal.tune"),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        let (workgroup_count, best_ms) = (dispatch.workgroup_count, f64::INFINITY);
        Candidate { method, pipeline, bind_group, workgroup_count, buffers, best_ms }
    }

    /// Milliseconds of one launch: by timestamps, or by the clock where the adapter has none.
    async fn time(&self, candidate: &Candidate) -> Result<f64, GpuError> {
        // A GPU is done before a browser's rounded timestamps notice.
        let repeats = if self.adapter().software { 1 } else { 20 };
        let timestamps = Timestamps::new(self, 1);
        let readback = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("cardinal.tune.readback"),
            size: Timestamps::bytes(1),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        let timestamp_writes = timestamps.as_ref().map(|timestamps| timestamps.writes(0));
        let mut pass =
            encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some("cardinal.tune"), timestamp_writes });
        let [x, y, z] = candidate.workgroup_count;
        pass.set_pipeline(&candidate.pipeline);
        pass.set_bind_group(0, &candidate.bind_group, &[0]);
        for _ in 0..repeats {
            pass.dispatch_workgroups(x, y, z);
        }
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

/// A layer of a role, and the lengths of its buffers. ResNeXt-50's own layers; a part of one on software adapters, where the
/// whole would take too long.
fn launch(role: Role, method: Method, software: bool) -> (Dispatch, [usize; 5]) {
    let (in_channels, out_channels, kernel_size, groups, h, w) = match (role, software) {
        (Role::Pointwise, false) => (256, 128, 1, 1, 56, 56),
        (Role::SmallPointwise, false) => (1024, 512, 1, 1, 14, 14),
        (Role::Grouped, false) => (128, 128, 3, 32, 56, 56),
        (Role::SmallGrouped, false) => (512, 512, 3, 32, 14, 14),
        (Role::Dense, false) => (64, 64, 3, 1, 56, 56),
        (Role::Pointwise, true) => (64, 128, 1, 1, 56, 56),
        (Role::SmallPointwise, true) => (256, 512, 1, 1, 14, 14),
        (Role::Grouped, true) => (128, 128, 3, 32, 56, 56),
        (Role::SmallGrouped, true) => (512, 512, 3, 32, 14, 14),
        (Role::Dense, true) => (64, 128, 3, 1, 21, 7),
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
    fn the_layers_that_are_timed_are_of_their_roles() {
        for role in Role::ALL {
            for software in [false, true] {
                let kernels = role.methods().iter().map(|&method| launch(role, method, software).0.kernel.name());
                let mut names: Vec<String> = kernels.collect();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), role.methods().len(), "{role:?}: each method is another kernel or tile");
            }
        }
    }
}
