//! Small problems with known values, one for each kernel of a plan: what a device is checked with.
//!
//! A kernel is compiled once for all layers that it suits, and their sizes are uniforms. So a problem of a few channels and rows
//! runs the very pipelines of the network, in a thousandth of its time.

use super::task::{LINEAR, linear};
use super::{Folded, Plan, Task};
use crate::kernels::{ConvKernel, ConvLaunch, Dispatch, Epilogue, GpuDtype, PackedWeight};
use crate::shape::{Conv2dSpec, Nchw, PoolSpec};

/// The most input channels per group, output channels per group, groups and pictures of a problem. More than one tile of the largest
/// kernels, and no multiple of one.
const IN_CHANNELS: usize = 40;
const OUT_CHANNELS: usize = 74;
const GROUPS: usize = 3;
const PICTURES: usize = 2;
/// Rows and columns of an output: four rows for kernels that load four pixels at once, a row that ends amid a tile.
const ROWS: usize = 4;
const COLUMNS: usize = 17;

/// By how much of the peak a kernel may differ from the CPU engine: ten times what rounding in f32 has been seen to do.
const LIMIT: f32 = 1e-4;

/// A kernel of a plan on a small problem.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The layers of the plan that run this kernel, by the names of their steps.
    pub layers: Vec<String>,
    /// The small problem.
    pub task: Task,
    /// Its launch, on the plan's own kernel.
    pub dispatch: Dispatch,
    /// Values of the output.
    pub output_len: usize,
    /// By how much of the peak it may differ from the CPU engine.
    pub limit: f32,
}

/// What a kernel gave for its problem.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct KernelCheck {
    /// [`KernelKey::name`](crate::kernels::KernelKey::name).
    pub kernel: String,
    /// As [`Probe::layers`].
    pub layers: Vec<String>,
    /// The largest difference from the CPU engine, as a share of the peak; `None` where an output is no number, as those are that
    /// the kernel leaves out.
    pub error: Option<f32>,
    /// As [`Probe::limit`].
    pub limit: f32,
}

impl KernelCheck {
    /// Whether the kernel can be trusted.
    pub fn passed(&self) -> bool {
        self.error.is_some_and(|error| error <= self.limit)
    }
}

impl Plan {
    /// A problem for each kernel, and for each way in which a convolution's kernel ends.
    pub fn probes(&self) -> Vec<Probe> {
        let mut probes: Vec<Probe> = Vec::new();
        for step in &self.steps {
            let same = |probe: &&mut Probe| {
                probe.dispatch.kernel == step.dispatch.kernel && epilogue(probe.task) == epilogue(step.task)
            };
            if let Some(known) = probes.iter_mut().find(same) {
                known.layers.push(step.label.clone());
                continue;
            }
            let (task, output_len) = small(step.task);
            let Ok(dispatch) = task.dispatch() else { unreachable!("no size of a small problem is over a limit") };
            let kernel = step.dispatch.kernel.clone();
            let own = dispatch.kernel.clone().unrolled(kernel.unroll).over_f16(kernel.input_dtype() == GpuDtype::F16);
            debug_assert_eq!(own, kernel, "{}: {task:?}", step.label);
            let dispatch = Dispatch { kernel, ..dispatch };
            let layers = vec![step.label.clone()];
            probes.push(Probe {
                layers,
                task,
                output_len,
                limit: limit(task, dispatch.kernel.input_dtype()),
                dispatch,
            });
        }
        probes
    }
}

impl Probe {
    /// [`Probe::limit`] where products or activations are f16.
    pub(crate) const LIMIT_F16: f32 = 1e-2;

    /// A walk through -50/64 to 50/64, whole 64ths so that f16 holds each exactly. It repeats after 101 steps, a prime; each `stream`,
    /// 0 to 3, walks in strides of its own.
    pub(crate) fn values(stream: usize, len: usize) -> Vec<f32> {
        let stride = [37, 23, 61, 89][stream];
        (0..len).map(|at| ((at * stride + stream) % 101) as f32 / 64.0 - 50.0 / 64.0).collect()
    }

    /// What the task reads: its input, its weights, and the residual or the other side of a sum.
    pub fn inputs(&self) -> (Vec<f32>, Option<Folded>, Option<Vec<f32>>) {
        let weights = |weight, bias| Some(Folded { weight: Self::values(1, weight), bias: Self::values(2, bias) });
        match self.task {
            Task::Convolution(ConvLaunch { spec, input, output, epilogue, .. }, _) => {
                let residual = epilogue.residual.then(|| Self::values(3, output.len()));
                (Self::values(0, input.len()), weights(spec.weight_len(), spec.out_channels), residual)
            }
            Task::Linear { n, in_features, out_features, .. } => {
                (Self::values(0, n * in_features), weights(in_features * out_features, out_features), None)
            }
            Task::BatchNorm { shape, .. } => (Self::values(0, shape.len()), weights(shape.c, shape.c), None),
            Task::Add { shape, .. } => (Self::values(0, shape.len()), None, Some(Self::values(3, shape.len()))),
            Task::Concat { input, .. } | Task::MaxPool { input, .. } | Task::GlobalAvgPool { input } => {
                (Self::values(0, input.len()), None, None)
            }
            Task::Softmax { n, classes } => (Self::values(0, n * classes), None, None),
        }
    }

    /// The bytes of the shader's bindings between its uniforms and its output.
    pub fn bindings(&self) -> Vec<Vec<u8>> {
        let bytes = |values: &[f32]| bytemuck::cast_slice(values).to_vec();
        let activations = |values: Vec<f32>| {
            self.dispatch.kernel.input_dtype().encode(values).map_or(Vec::new(), |packed| packed.bytes().to_vec())
        };
        let (x, weights, other) = self.inputs();
        let mut bindings = vec![activations(x)];
        if let Some(Folded { weight, bias }) = weights {
            let (packed, bias) = (self.packed(&weight), bytes(&bias));
            bindings.extend([packed.bytes().to_vec(), bias.clone()]);
            if matches!(self.task, Task::Convolution(..) | Task::Linear { .. }) {
                // Where there is no residual the bias stands in, as in a plan.
                bindings.push(other.map_or(bias, activations));
            }
        } else {
            bindings.extend(other.map(activations));
        }
        bindings
    }

    /// The largest difference of `actual` from `expected`, as a share of the peak of what is expected; `None` where one value
    /// alone is no number, or where they are not equally many.
    pub fn error(actual: &[f32], expected: &[f32]) -> Option<f32> {
        let (mut peak, mut error) = (0.0f32, 0.0f32);
        for (actual, expected) in actual.iter().zip(expected) {
            match (actual.is_finite(), expected.is_finite()) {
                (true, true) => (peak, error) = (peak.max(expected.abs()), error.max((actual - expected).abs())),
                // What a step leaves to others.
                (false, false) => {}
                _ => return None,
            }
        }
        (actual.len() == expected.len() && peak > 0.0).then(|| error / peak)
    }

    /// A weight in the order and the type that the kernel reads.
    fn packed(&self, weight: &[f32]) -> PackedWeight {
        let (dtype, packed) = match self.task {
            Task::Convolution(ConvLaunch { spec, weight_dtype, .. }, kernel) => {
                (weight_dtype, kernel.pack(spec, weight))
            }
            Task::Linear { in_features, out_features, weight_dtype, .. } => {
                (weight_dtype, LINEAR.pack(Conv2dSpec::pointwise(in_features, out_features), weight))
            }
            _ => (GpuDtype::F32, weight.to_vec()),
        };
        dtype.encode(packed).unwrap_or_else(|_| unreachable!("values below 1 are within f16"))
    }
}

/// How a convolution ends; for everything else, nothing.
fn epilogue(task: Task) -> Epilogue {
    match task {
        Task::Convolution(launch, _) => launch.epilogue,
        Task::BatchNorm { relu, .. } | Task::Add { relu, .. } => Epilogue { residual: false, relu },
        _ => Epilogue::default(),
    }
}

fn limit(task: Task, dtype: GpuDtype) -> f32 {
    match task {
        _ if dtype == GpuDtype::F16 => Probe::LIMIT_F16,
        Task::Convolution(_, ConvKernel::Implicit(tile)) if tile.product_f16 => Probe::LIMIT_F16,
        _ => LIMIT,
    }
}

/// The same operation, by the same kernel, on fewer values, and the length of its output.
fn small(task: Task) -> (Task, usize) {
    let plane = |shape: Nchw| Nchw { n: shape.n.min(PICTURES), c: shape.c.min(IN_CHANNELS), h: ROWS, w: COLUMNS };
    match task {
        Task::Convolution(launch, kernel) => {
            let launch = small_convolution(launch);
            (Task::Convolution(launch, kernel), launch.output.len())
        }
        Task::BatchNorm { shape, relu } => {
            let shape = plane(shape);
            (Task::BatchNorm { shape, relu }, shape.len())
        }
        Task::Add { shape, relu } => {
            let shape = plane(shape);
            (Task::Add { shape, relu }, shape.len())
        }
        Task::Concat { input, .. } => {
            // The first channels of the output are another step's.
            let input = plane(input);
            let first_channel = 3;
            let output = Nchw { c: first_channel + input.c, ..input };
            (Task::Concat { input, output, first_channel }, output.len())
        }
        Task::MaxPool { pool, input, .. } => {
            let input = Nchw { h: around(ROWS, pool), w: around(COLUMNS, pool), ..plane(input) };
            let output = Nchw { h: ROWS, w: COLUMNS, ..input };
            (Task::MaxPool { pool, input, output }, output.len())
        }
        Task::GlobalAvgPool { input } => {
            let input = plane(input);
            (Task::GlobalAvgPool { input }, input.n * input.c)
        }
        Task::Linear { n, in_features, out_features, weight_dtype } => {
            let (n, out_features) = (n.min(PICTURES), out_features.min(OUT_CHANNELS));
            let in_features = in_features.min(4 * IN_CHANNELS);
            (Task::Linear { n, in_features, out_features, weight_dtype }, linear(n, in_features, out_features).2.len())
        }
        Task::Softmax { n, classes } => {
            let n = n.min(PICTURES);
            (Task::Softmax { n, classes }, n * classes)
        }
    }
}

fn small_convolution(launch: ConvLaunch) -> ConvLaunch {
    let spec = launch.spec;
    let groups = spec.groups.min(GROUPS);
    let spec = Conv2dSpec {
        in_channels: groups * spec.in_channels_per_group().min(IN_CHANNELS),
        out_channels: groups * spec.out_channels_per_group().min(OUT_CHANNELS),
        groups,
        ..spec
    };
    let window = PoolSpec { kernel_size: spec.kernel_size, stride: spec.stride, padding: spec.padding };
    let n = launch.input.n.min(PICTURES);
    let input = Nchw::new(n, spec.in_channels, around(ROWS, window), around(COLUMNS, window));
    let output = Nchw::new(n, spec.out_channels, ROWS, COLUMNS);
    ConvLaunch { spec, input, output, ..launch }
}

/// The length of an input whose output has this length.
fn around(len: usize, PoolSpec { kernel_size, stride, padding }: PoolSpec) -> usize {
    ((len - 1) * stride + kernel_size).saturating_sub(2 * padding).max(1)
}
