//! Executes a training plan with the twins, in f64: what a step should give, as plain loops.

use cardinal::plan::{Hyperparameters, Phase, State, Task, TrainingBuffers, TrainingPlan, TrainingTask};
use cardinal::reference::{self, Conv, ConvGrad, Sgd};
use cardinal::shape::{Conv2dSpec, Nchw, PoolSpec};
use cardinal::weights::TensorSource;

/// The buffers of a plan in f64.
#[derive(Clone)]
pub struct Reference<'a> {
    plan: &'a TrainingPlan,
    /// None for the labels, which are not f64.
    pub buffers: TrainingBuffers<Vec<f64>>,
    bn_eps: f64,
}

impl<'a> Reference<'a> {
    pub fn new(plan: &'a TrainingPlan, source: &dyn TensorSource) -> Self {
        let wide = |values: Vec<f32>| values.into_iter().map(f64::from).collect();
        let read = |states: &[State]| -> Vec<Vec<f64>> {
            State::read(states, source).unwrap().into_iter().map(wide).collect()
        };
        let parameters = read(&plan.parameters);
        let buffers = TrainingBuffers {
            slots: vec![Vec::new(); plan.slots.len()],
            velocities: parameters.iter().map(|values| vec![0.0; values.len()]).collect(),
            parameters,
            running: read(&plan.running),
            labels: Vec::new(),
        };
        Self { plan, buffers, bn_eps: source.bn_eps() }
    }

    /// One step of training; the loss before its update.
    pub fn step(&mut self, input: &[f32], labels: &[u32], settings: &Hyperparameters) -> f64 {
        self.run(input, labels, settings, |_| true)
    }

    /// The loss alone; nothing is learned, but running statistics are followed.
    pub fn loss(&mut self, input: &[f32], labels: &[u32], settings: &Hyperparameters) -> f64 {
        self.run(input, labels, settings, |phase| matches!(phase, Phase::Forward | Phase::Loss))
    }

    /// The gradient of a parameter, which the plan has kept.
    pub fn gradient(&self, parameter: usize) -> &[f64] {
        &self.buffers.slots[self.plan.gradients[parameter]]
    }

    fn run(&mut self, input: &[f32], labels: &[u32], settings: &Hyperparameters, wanted: fn(Phase) -> bool) -> f64 {
        self.buffers.slots[self.plan.input_slot] = input.iter().map(|&x| f64::from(x)).collect();
        let plan = self.plan;
        for step in plan.steps.iter().filter(|step| wanted(step.phase)) {
            let reads: Vec<&[f64]> = step.reads.iter().map(|&buffer| &self.buffers.get(buffer)[..]).collect();
            let written = compute(step.task, settings, self.bn_eps, labels, &reads, self.buffers.get(step.output));
            *self.buffers.get_mut(step.output) = written;
        }
        let losses = &self.buffers.slots[plan.losses.slot];
        losses.iter().sum::<f64>() / losses.len() as f64
    }
}

/// What a task writes; `in_place` is what its output holds before. Settings are f32 in the library, and PyTorch's are f64: 0.1 is
/// meant where 0.1_f32 is given.
pub fn compute<T: Copy + Into<f64>>(
    task: TrainingTask,
    settings: &Hyperparameters,
    eps: f64,
    labels: &[u32],
    reads: &[&[T]],
    in_place: &[T],
) -> Vec<f64> {
    let smoothing = meant(settings.label_smoothing);
    let grad = |spec, input_shape, output_shape| ConvGrad { spec, input_shape, output_shape, grad: reads[0] };
    let sgd = |is_weight| Sgd {
        lr: meant(settings.lr),
        momentum: meant(settings.momentum),
        nesterov: settings.nesterov,
        weight_decay: meant(settings.decay(is_weight)),
    };
    match task {
        TrainingTask::Forward(task) => forward(task, reads),
        TrainingTask::BatchNormStatistics { shape } => reference::batch_norm_statistics(reads[0], shape),
        TrainingTask::BatchNormRunning { shape } => {
            reference::batch_norm_running(in_place, reads[0], shape.n * shape.h * shape.w)
        }
        TrainingTask::BatchNormTrain { shape, relu } => {
            reference::batch_norm_train(reads[0], shape, reads[1], reads[2], eps, relu)
        }
        TrainingTask::CrossEntropy { classes, .. } => reference::cross_entropy(reads[0], labels, classes, smoothing),
        TrainingTask::CrossEntropyGradInput { classes, .. } => {
            reference::cross_entropy_grad_input(reads[0], labels, classes, smoothing)
        }
        TrainingTask::LinearGradInput { in_features, .. } => {
            reference::linear_grad_input(reads[0], reads[1], in_features)
        }
        TrainingTask::LinearGradWeight { in_features, .. } => {
            reference::linear_grad_weight(reads[0], reads[1], in_features)
        }
        TrainingTask::GlobalAvgPoolGradInput { input } => reference::global_avg_pool_grad_input(reads[0], input),
        TrainingTask::MaxPoolGradInput { pool, input, output } => {
            reference::max_pool_grad_input(reads[0], input, reads[1], output, pool)
        }
        TrainingTask::ResidualAddGradInput { .. } => reference::residual_add_grad_input(reads[0], reads[1]),
        TrainingTask::BatchNormGradWeight { shape, relu } => {
            reference::batch_norm_grad_weight(reads[0], shape, reads[1], reads[2], relu.then(|| reads[3]), eps)
        }
        TrainingTask::BatchNormGradInput { shape, relu } => {
            let output = relu.then(|| reads[5]);
            reference::batch_norm_grad_input((reads[0], shape), reads[1], reads[3], reads[4], reads[2], output, eps)
        }
        TrainingTask::Conv2dGradInput { spec, input, output, residual } => {
            reference::conv2d_grad_input(&grad(spec, input, output), reads[1], residual.then(|| reads[2]))
        }
        TrainingTask::Conv2dGradWeight { spec, input, output } => {
            reference::conv2d_grad_weight(&grad(spec, input, output), reads[1])
        }
        TrainingTask::Conv2dGradBias { shape } => reference::conv2d_grad_bias(reads[0], shape),
        TrainingTask::SgdVelocity { is_weight, .. } => {
            reference::sgd_velocity(in_place, reads[0], reads[1], sgd(is_weight))
        }
        TrainingTask::Sgd { is_weight, .. } => reference::sgd(in_place, reads[1], reads[0], sgd(is_weight)),
    }
}

/// Max-pools, and an input whose values are halves, so that many windows have several largest ones.
pub fn pools() -> ([PoolSpec; 5], Nchw, Vec<f32>) {
    let sizes = [(3, 2, 1), (2, 2, 0), (3, 1, 1), (2, 3, 0), (5, 3, 2)];
    let input = Nchw::new(2, 3, 9, 7);
    let x = super::values("x", input.len()).iter().map(|x| (2.0 * x).round() / 2.0).collect();
    (sizes.map(|(kernel_size, stride, padding)| PoolSpec { kernel_size, stride, padding }), input, x)
}

/// The number with the fewest digits that rounds to this f32.
fn meant(value: f32) -> f64 {
    value.to_string().parse().expect("a number")
}

fn forward<T: Copy + Into<f64>>(task: Task, reads: &[&[T]]) -> Vec<f64> {
    let (x, weight) = (reads[0], reads.get(1).copied().unwrap_or_default());
    let with_bias = |rows: usize, plain: Vec<f64>, plane: usize| match reads.get(2) {
        None => plain,
        Some(bias) => plain.iter().enumerate().map(|(at, y)| y + bias[at / plane % rows].into()).collect(),
    };
    match task {
        Task::Convolution(launch, _) => {
            let (spec, output) = (launch.spec, launch.output);
            with_bias(spec.out_channels, convolution(spec, launch.input, output, x, weight), output.h * output.w)
        }
        Task::Linear { in_features, out_features, .. } => {
            let spec = Conv2dSpec::pointwise(in_features, out_features);
            let n = x.len() / in_features;
            let (input, output) = (Nchw::new(n, in_features, 1, 1), Nchw::new(n, out_features, 1, 1));
            with_bias(out_features, convolution(spec, input, output, x, weight), 1)
        }
        Task::Add { relu, .. } => reference::residual_add(x, weight, relu),
        Task::MaxPool { pool, input, output } => reference::max_pool(x, input, output, pool),
        Task::GlobalAvgPool { input } => reference::global_avg_pool(x, input),
        other => panic!("no task of training: {other:?}"),
    }
}

/// A convolution without a bias.
fn convolution<T: Copy + Into<f64>>(
    spec: Conv2dSpec,
    input_shape: Nchw,
    output_shape: Nchw,
    x: &[T],
    weight: &[T],
) -> Vec<f64> {
    let wide = |values: &[T]| values.iter().map(|&value| value.into()).collect::<Vec<f64>>();
    let (input, weight, bias) = (wide(x), wide(weight), vec![0.0; spec.out_channels]);
    reference::conv2d_direct(&Conv {
        spec,
        input: &input,
        input_shape,
        output_shape,
        weight: &weight,
        bias: &bias,
        residual: None,
        relu: false,
    })
}
