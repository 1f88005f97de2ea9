//! The arithmetic and the bytes of a step of a plan, for programs that print rates and bounds. Pure data, without a GPU.

use cardinal::model::Op;
use cardinal::plan::{Plan, Step};
use cardinal::shape::Nchw;

/// A step as figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// `3×3 s2 g32, 256→256, 56×56→28×28`: everything that its cost depends on except the kernel.
    pub shape: String,
    pub kernel: String,
    pub macs: u64,
    /// Bytes to move if each is moved once: inputs, weights, residual, output.
    pub bytes: usize,
}

impl Facts {
    pub fn of(plan: &Plan, step: &Step) -> Self {
        let layer = &plan.graph.layers[step.layers[0]];
        let tensor = |id: usize| plan.graph.tensors[id].shape;
        let (input, own) = (tensor(layer.inputs[0]), tensor(layer.output));
        // ReLU and the sum keep the shape, so the output of the last layer has the shape of the first one's.
        let adds = step.layers[1..].iter().any(|&index| matches!(plan.graph.layers[index].op, Op::Add { .. }));
        Self {
            shape: describe(&layer.op, input, own, adds),
            kernel: step.dispatch.kernel.name(),
            macs: step.macs,
            bytes: step.bytes,
        }
    }

    pub fn flop(&self) -> f64 {
        2.0 * self.macs as f64
    }
}

fn describe(op: &Op, input: Nchw, output: Nchw, adds: bool) -> String {
    let size = if (input.h, input.w) == (output.h, output.w) {
        format!("{}×{}", input.h, input.w)
    } else {
        format!("{}×{}→{}×{}", input.h, input.w, output.h, output.w)
    };
    let plus = if adds { " + residual" } else { "" };
    match op {
        Op::Conv2d { spec, .. } => {
            let groups = if spec.groups == 1 { String::new() } else { format!(" g{}", spec.groups) };
            let k = spec.kernel_size;
            format!("{k}×{k} s{}{groups}, {}→{}, {size}{plus}", spec.stride, spec.in_channels, spec.out_channels)
        }
        Op::Linear { in_features, out_features, .. } => format!("linear, {in_features}→{out_features}"),
        Op::MaxPool(pool) => format!("max-pool {}×{0}, {}, {size}", pool.kernel_size, input.c),
        Op::GlobalAvgPool => format!("average pool, {}, {}×{}", input.c, input.h, input.w),
        Op::Softmax => format!("softmax, {}", input.len()),
        Op::Sigmoid => "sigmoid".to_owned(),
        Op::BatchNorm { .. } => format!("batch norm, {}, {size}", input.c),
        Op::Add { .. } => format!("sum, {}, {size}", input.c),
        Op::Concat => format!("concatenation, {}, {size}", output.c),
    }
}

/// Groups of steps with equal shape and kernel, in the order of their first step: the figures, and the indices of the steps.
pub fn distinct(plan: &Plan) -> Vec<(Facts, Vec<usize>)> {
    let mut found: Vec<(Facts, Vec<usize>)> = Vec::new();
    for (index, step) in plan.steps.iter().enumerate() {
        let facts = Facts::of(plan, step);
        match found.iter_mut().find(|(known, _)| *known == facts) {
            Some((_, indices)) => indices.push(index),
            None => found.push((facts, vec![index])),
        }
    }
    found
}
