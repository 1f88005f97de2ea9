//! What a step of a training plan computes, as data.

use crate::plan::Task;
use crate::shape::{Conv2dSpec, Nchw, PoolSpec};

/// The operation of a step. Each variant says what is read, in order, then what is written. `grad` is the gradient of the output
/// of the layer, `m` is `n * h * w`. The formulas are in `reference`, in files of the same names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TrainingTask {
    /// An operation of inference: its activations, then weight and bias (a convolution or linear layer without a bias reads none);
    /// its output.
    Forward(Task),
    /// Input; statistics `[2, c]`.
    BatchNormStatistics {
        /// Of the input.
        shape: Nchw,
    },
    /// Statistics; running statistics `[2, c]`, in place.
    BatchNormRunning {
        /// Of the input.
        shape: Nchw,
    },
    /// Input, statistics, parameters `[2, c]`; output.
    BatchNormTrain {
        /// Of input and output.
        shape: Nchw,
        /// Whether ReLU follows.
        relu: bool,
    },
    /// Logits, labels; the loss of each picture, `[n]`.
    CrossEntropy {
        /// Pictures of the batch.
        n: usize,
        /// Logits per picture.
        classes: usize,
    },
    /// Logits, labels; gradient of the logits.
    CrossEntropyGradInput {
        /// Pictures of the batch.
        n: usize,
        /// Logits per picture.
        classes: usize,
    },
    /// Gradient, weight; gradient of the input.
    LinearGradInput {
        /// Pictures of the batch.
        n: usize,
        /// Values per picture that come in.
        in_features: usize,
        /// Values per picture that go out.
        out_features: usize,
    },
    /// Gradient, input; gradient of the weight.
    LinearGradWeight {
        /// Pictures of the batch.
        n: usize,
        /// Values per picture that come in.
        in_features: usize,
        /// Values per picture that go out.
        out_features: usize,
    },
    /// Gradient; gradient of the input.
    GlobalAvgPoolGradInput {
        /// Of the input.
        input: Nchw,
    },
    /// Input, gradient; gradient of the input.
    MaxPoolGradInput {
        /// Window, stride, padding.
        pool: PoolSpec,
        /// Of the input.
        input: Nchw,
        /// Of the output.
        output: Nchw,
    },
    /// Output of the sum's ReLU, gradient; gradient of both terms.
    ResidualAddGradInput {
        /// Of both.
        shape: Nchw,
    },
    /// Input, statistics, gradient, and the output if ReLU follows; gradients of the parameters, `[2, c]`.
    BatchNormGradWeight {
        /// Of the input.
        shape: Nchw,
        /// Whether ReLU follows.
        relu: bool,
    },
    /// Input, statistics, gradient, parameters, gradients of the parameters, and the output if ReLU follows; gradient of the input.
    BatchNormGradInput {
        /// Of the input.
        shape: Nchw,
        /// Whether ReLU follows.
        relu: bool,
    },
    /// Gradient, weight, and what is added to the result if there is a residual; gradient of the input.
    Conv2dGradInput {
        /// The convolution's sizes.
        spec: Conv2dSpec,
        /// Of its input.
        input: Nchw,
        /// Of its output.
        output: Nchw,
        /// Whether a gradient of the same tensor, known already, is added.
        residual: bool,
    },
    /// Gradient, input; gradient of the weight.
    Conv2dGradWeight {
        /// The convolution's sizes.
        spec: Conv2dSpec,
        /// Of its input.
        input: Nchw,
        /// Of its output.
        output: Nchw,
    },
    /// Gradient; gradient of the bias, `[c]`. Also of a linear layer.
    Conv2dGradBias {
        /// Of the gradient.
        shape: Nchw,
    },
    /// Gradient of a parameter, the parameter; its velocity, in place.
    SgdVelocity {
        /// Elements.
        len: usize,
        /// Whether it is a weight of more than one axis, which alone may have weight decay.
        is_weight: bool,
    },
    /// Gradient of a parameter, its velocity; the parameter, in place.
    Sgd {
        /// Elements.
        len: usize,
        /// Whether it is a weight of more than one axis, which alone may have weight decay.
        is_weight: bool,
    },
}

impl TrainingTask {
    /// The name of the kernel that computes it, or of its family.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Forward(Task::Convolution(..)) => "conv2d",
            Self::Forward(Task::Linear { .. }) => "linear",
            Self::Forward(Task::MaxPool { .. }) => "max_pool",
            Self::Forward(Task::GlobalAvgPool { .. }) => "global_avg_pool",
            Self::Forward(Task::Add { .. }) => "residual_add",
            Self::Forward(Task::BatchNorm { .. }) => "batch_norm_relu",
            Self::Forward(Task::Concat { .. }) => "concat_channels",
            Self::Forward(Task::Softmax { .. }) => "softmax",
            Self::BatchNormStatistics { .. } => "batch_norm_statistics",
            Self::BatchNormRunning { .. } => "batch_norm_running",
            Self::BatchNormTrain { .. } => "batch_norm_train",
            Self::CrossEntropy { .. } => "cross_entropy",
            Self::CrossEntropyGradInput { .. } => "cross_entropy_grad_input",
            Self::LinearGradInput { .. } => "linear_grad_input",
            Self::LinearGradWeight { .. } => "linear_grad_weight",
            Self::GlobalAvgPoolGradInput { .. } => "global_avg_pool_grad_input",
            Self::MaxPoolGradInput { .. } => "max_pool_grad_input",
            Self::ResidualAddGradInput { .. } => "residual_add_grad_input",
            Self::BatchNormGradWeight { .. } => "batch_norm_grad_weight",
            Self::BatchNormGradInput { .. } => "batch_norm_grad_input",
            Self::Conv2dGradInput { .. } => "conv2d_grad_input",
            Self::Conv2dGradWeight { .. } => "conv2d_grad_weight",
            Self::Conv2dGradBias { .. } => "conv2d_grad_bias",
            Self::SgdVelocity { .. } => "sgd_velocity",
            Self::Sgd { .. } => "sgd",
        }
    }
}
