//! How a GPU computes a task: one launch of a kernel, or several where weights are packed before they are read, or gradients put into places.

use super::{Hyperparameters, TrainingTask};
use crate::kernels::{
    ConvKernel, ConvLaunch, Dispatch, GpuDtype, KernelError, Tuning, batch_norm_grad_input, batch_norm_grad_weight,
    batch_norm_running, batch_norm_statistics, batch_norm_train, conv2d_grad_bias, conv2d_grad_input,
    conv2d_grad_weight, conv2d_pack, conv2d_scatter, cross_entropy, cross_entropy_grad_input,
    global_avg_pool_grad_input, max_pool_grad_input, residual_add_grad_input, sgd, sgd_velocity,
};
use crate::plan::Task;
use crate::plan::task::{LINEAR, linear};
use crate::shape::{Conv2dSpec, Nchw};

/// A buffer that a launch binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// One of [`TrainingStep::reads`](super::TrainingStep::reads), or [`Operand::Zeros`] where there are not so many.
    Read(usize),
    /// [`TrainingStep::output`](super::TrainingStep::output).
    Output,
    /// Packed weights of so many elements. All steps share the buffer: the launch before the one that reads them packs them.
    Packed(usize),
    /// Gradients of so many elements on the way to their places. All steps share the buffer, as with packed weights.
    Compact(usize),
    /// As many zeros as any tensor has channels: the bias of a convolution that has none, or a stand-in for what is not read.
    Zeros,
}

/// One launch of a kernel with its buffers, in the order of the shader's bindings.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// The launch.
    pub dispatch: Dispatch,
    /// What is bound.
    pub operands: Vec<Operand>,
}

/// What launches depend on besides their task.
#[derive(Clone, Copy, Debug)]
pub struct LaunchOptions<'a> {
    /// Loss and optimiser.
    pub settings: &'a Hyperparameters,
    /// Added to variances under the square root.
    pub bn_eps: f64,
    /// Which kernel a convolution gets.
    pub tuning: &'a Tuning,
}

impl TrainingTask {
    /// The launches that compute it, in order.
    ///
    /// # Errors
    /// More elements or workgroups than WebGPU has numbers for.
    pub fn launches(self, options: LaunchOptions<'_>) -> Result<Vec<Launch>, KernelError> {
        let LaunchOptions { settings, bn_eps, tuning } = options;
        let smoothing = settings.label_smoothing;
        // All reads in order, then the output. A last read that is not there is not read: zeros stand in.
        let plain = |dispatch: Dispatch| {
            let reads = dispatch.kernel.shader.bindings.len() - 1;
            let operands = (0..reads).map(Operand::Read).chain([Operand::Output]).collect();
            vec![Launch { dispatch, operands }]
        };
        Ok(match self {
            Self::Forward(Task::Convolution(launch, kernel)) => forward(launch, kernel)?,
            Self::Forward(Task::Linear { n, in_features, out_features, .. }) => {
                let (spec, input, output) = linear(n, in_features, out_features);
                forward(ConvLaunch::in_f32(spec, input, output, false), LINEAR)?
            }
            Self::Forward(task) => plain(task.dispatch()?),
            Self::BatchNormStatistics { shape } => plain(batch_norm_statistics::dispatch(shape)?),
            Self::BatchNormRunning { shape } => plain(batch_norm_running::dispatch(shape)?),
            Self::BatchNormTrain { shape, relu } => plain(batch_norm_train::dispatch(shape, relu, bn_eps)?),
            Self::CrossEntropy { n, classes } => plain(cross_entropy::dispatch(n, classes, smoothing)?),
            Self::CrossEntropyGradInput { n, classes } => {
                plain(cross_entropy_grad_input::dispatch(n, classes, smoothing)?)
            }
            Self::LinearGradInput { n, in_features, out_features } => {
                let (spec, input, output) = linear(n, in_features, out_features);
                plain(conv2d_grad_input::dispatch(spec, input, output, false)?)
            }
            Self::LinearGradWeight { n, in_features, out_features } => {
                let (spec, input, output) = linear(n, in_features, out_features);
                plain(conv2d_grad_weight::dispatch(spec, input, output, conv2d_grad_weight::Tile::SMALL)?)
            }
            Self::GlobalAvgPoolGradInput { input } => plain(global_avg_pool_grad_input::dispatch(input)?),
            Self::MaxPoolGradInput { pool, input, output } => {
                plain(max_pool_grad_input::dispatch(pool, input, output)?)
            }
            Self::ResidualAddGradInput { shape } => plain(residual_add_grad_input::dispatch(shape)?),
            Self::BatchNormGradWeight { shape, relu } => plain(batch_norm_grad_weight::dispatch(shape, relu, bn_eps)?),
            Self::BatchNormGradInput { shape, relu } => plain(batch_norm_grad_input::dispatch(shape, relu, bn_eps)?),
            Self::Conv2dGradInput { spec, input, output, residual } => match spec.turned() {
                // At stride 1 it is itself a convolution, from gradient to gradient, for which there are faster kernels.
                Some(turned) => {
                    let kernel = ConvKernel::of(turned, output, input, GpuDtype::F32, tuning);
                    let launch = ConvLaunch::in_f32(turned, output, input, residual);
                    convolution(launch, kernel, true, [Operand::Zeros, Operand::Read(2)], Operand::Output)?
                }
                None if (spec.kernel_size, spec.padding) == (1, 0) => scattered(spec, input, output, residual, tuning)?,
                None => plain(conv2d_grad_input::dispatch(spec, input, output, residual)?),
            },
            Self::Conv2dGradWeight { spec, input, output } => {
                let tile = conv2d_grad_weight::Tile::of(spec, tuning);
                plain(conv2d_grad_weight::dispatch(spec, input, output, tile)?)
            }
            Self::Conv2dGradBias { shape } => plain(conv2d_grad_bias::dispatch(shape)?),
            Self::SgdVelocity { len, is_weight } => plain(sgd_velocity::dispatch(sgd(settings, len, is_weight))?),
            Self::Sgd { len, is_weight } => plain(sgd::dispatch(sgd(settings, len, is_weight))?),
        })
    }
}

/// A convolution of the forward pass, whose bias is read third if there is one.
fn forward(launch: ConvLaunch, kernel: ConvKernel) -> Result<Vec<Launch>, KernelError> {
    convolution(launch, kernel, false, [Operand::Read(2), Operand::Zeros], Operand::Output)
}

/// The gradient of the input of a 1×1 convolution with a stride: first of the pixels that it saw, by themselves.
fn scattered(
    spec: Conv2dSpec,
    input: Nchw,
    output: Nchw,
    residual: bool,
    tuning: &Tuning,
) -> Result<Vec<Launch>, KernelError> {
    let seen = Nchw { c: input.c, ..output };
    let back = Conv2dSpec { in_channels: spec.out_channels, out_channels: spec.in_channels, stride: 1, ..spec };
    let kernel = ConvKernel::of(back, output, seen, GpuDtype::F32, tuning);
    let compact = Operand::Compact(seen.len());
    let launch = ConvLaunch::in_f32(back, output, seen, false);
    let mut launches = convolution(launch, kernel, true, [Operand::Zeros; 2], compact)?;
    launches.push(Launch {
        dispatch: conv2d_scatter::dispatch(seen, input, spec.stride, residual)?,
        operands: vec![compact, Operand::Read(2), Operand::Output],
    });
    Ok(launches)
}

/// Packs the weight, which is read second, and convolves what is read first.
fn convolution(
    launch: ConvLaunch,
    kernel: ConvKernel,
    turned: bool,
    [bias, residual]: [Operand; 2],
    output: Operand,
) -> Result<Vec<Launch>, KernelError> {
    let packed = Operand::Packed(kernel.packed_len(launch.spec));
    let pack = conv2d_pack::dispatch(launch.spec, kernel, turned)?;
    Ok(vec![
        Launch { dispatch: pack, operands: vec![Operand::Read(1), packed] },
        Launch { dispatch: kernel.dispatch(launch)?, operands: vec![Operand::Read(0), packed, bias, residual, output] },
    ])
}

fn sgd(settings: &Hyperparameters, elements: usize, is_weight: bool) -> sgd::SgdLaunch {
    let Hyperparameters { lr, momentum, nesterov, .. } = *settings;
    sgd::SgdLaunch { elements, lr, momentum, nesterov, weight_decay: settings.decay(is_weight) }
}
