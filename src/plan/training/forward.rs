//! The forward pass and the loss: what is computed, and what the backward pass will read.

use super::buffer::TrainingBuffer::{self, Labels, Parameter, Slot};
use super::step::Phase;
use super::tape::{Tape, Temporary};
use super::task::TrainingTask;
use crate::kernels::{ConvKernel, ConvLaunch, GpuDtype, Tuning};
use crate::model::{Graph, Layer, Op};
use crate::plan::{PlanError, Task};

/// What the forward pass leaves to the backward pass.
pub(super) struct Forward {
    pub input: Temporary,
    pub logits: Temporary,
    /// The loss of each picture.
    pub losses: Temporary,
    /// The gradient of the logits.
    pub grad: Temporary,
    /// By tensor of the graph.
    pub tensors: Vec<Temporary>,
    /// By layer of the graph.
    pub layers: Vec<Recorded>,
}

/// What belongs to a layer.
#[derive(Clone, Copy, Default)]
pub(super) struct Recorded {
    /// The weight; of a batch norm, weight and bias.
    pub weight: Option<usize>,
    /// The bias of a convolution or linear layer.
    pub bias: Option<usize>,
    /// Mean and variance of a batch norm.
    pub statistics: Option<Temporary>,
}

/// Records the forward pass and the loss of `graph`, which has logits.
pub(super) fn record(graph: &Graph, tape: &mut Tape, tuning: &Tuning) -> Result<Forward, PlanError> {
    let input = tape.temporary(graph.input_shape().len());
    // The tensors of the graph are its input and one per layer, in order.
    let (mut tensors, mut layers) = (vec![input], Vec::new());
    let mut logits = input;
    for layer in graph.layers.iter().filter(|layer| !matches!(layer.op, Op::Softmax)) {
        let mut pass = Pass { graph, layer, tape, tuning, tensors: &tensors };
        let (recorded, output) = pass.layer()?;
        layers.push(recorded);
        tensors.push(output);
        logits = output;
    }
    let (n, classes) = (graph.input_shape().n, graph.config.num_classes);
    let (reads, loss) = ([Slot(logits), Labels], (Phase::Loss, "loss", 0));
    let losses = tape.compute(loss, TrainingTask::CrossEntropy { n, classes }, &reads, n);
    let grad = tape.compute(loss, TrainingTask::CrossEntropyGradInput { n, classes }, &reads, n * classes);
    Ok(Forward { input, logits, losses, grad, tensors, layers })
}

struct Pass<'a> {
    graph: &'a Graph,
    layer: &'a Layer,
    tape: &'a mut Tape,
    tuning: &'a Tuning,
    tensors: &'a [Temporary],
}

impl Pass<'_> {
    /// Records a layer; what belongs to it, and its output.
    fn layer(&mut self) -> Result<(Recorded, Temporary), PlanError> {
        let layer = self.layer;
        let (input, output) = (self.graph.tensors[layer.inputs[0]].shape, self.graph.tensors[layer.output].shape);
        let x = Slot(self.tensors[layer.inputs[0]]);
        let mut recorded = Recorded::default();
        let mut reads = vec![x];
        let task = match layer.op {
            Op::BatchNorm { relu } => return self.batch_norm(relu),
            Op::Conv2d { spec, conv_bias } => {
                reads.extend(self.weights(&mut recorded, spec.weight_shape().to_vec(), conv_bias));
                let kernel = ConvKernel::of(spec, input, output, GpuDtype::F32, self.tuning);
                Task::Convolution(ConvLaunch::in_f32(spec, input, output, false), kernel)
            }
            Op::Linear { in_features, out_features, bias } => {
                reads.extend(self.weights(&mut recorded, vec![out_features, in_features], bias));
                Task::Linear { n: input.n, in_features, out_features, weight_dtype: GpuDtype::F32 }
            }
            Op::Add { relu } => {
                reads.push(Slot(self.tensors[layer.inputs[1]]));
                Task::Add { shape: input, relu }
            }
            Op::MaxPool(pool) => Task::MaxPool { pool, input, output },
            Op::GlobalAvgPool => Task::GlobalAvgPool { input },
            Op::Concat | Op::Softmax | Op::Sigmoid => unreachable!("no layer of a network that can be trained"),
        };
        let step = (Phase::Forward, &layer.name[..], self.graph.layer_macs(layer));
        Ok((recorded, self.tape.compute(step, TrainingTask::Forward(task), &reads, output.len())))
    }

    /// The parameters of a convolution or linear layer.
    fn weights(&mut self, recorded: &mut Recorded, shape: Vec<usize>, bias: bool) -> Vec<TrainingBuffer> {
        let (key, rows) = (&self.layer.key, shape[0]);
        recorded.weight = Some(self.tape.parameter(vec![(format!("{key}.weight"), shape)]));
        recorded.bias = bias.then(|| self.tape.parameter(vec![(format!("{key}.bias"), vec![rows])]));
        recorded.weight.into_iter().chain(recorded.bias).map(Parameter).collect()
    }

    fn batch_norm(&mut self, relu: bool) -> Result<(Recorded, Temporary), PlanError> {
        let Layer { name, key, .. } = self.layer;
        let (x, shape) = (Slot(self.tensors[self.layer.inputs[0]]), self.graph.tensors[self.layer.output].shape);
        if shape.n * shape.h * shape.w < 2 {
            return Err(PlanError::OneValue { layer: name.clone(), shape });
        }
        let parameter = |part: &str| (format!("{key}.{part}"), vec![shape.c]);
        let weight = self.tape.parameter(vec![parameter("weight"), parameter("bias")]);
        let running = self.tape.running(key, shape.c);
        let step = (Phase::Forward, &name[..], 0);
        let statistics = self.tape.compute(step, TrainingTask::BatchNormStatistics { shape }, &[x], 2 * shape.c);
        let task = TrainingTask::BatchNormRunning { shape };
        self.tape.push(step, task, &[Slot(statistics)], running);
        let reads = [x, Slot(statistics), Parameter(weight)];
        let output = self.tape.compute(step, TrainingTask::BatchNormTrain { shape, relu }, &reads, shape.len());
        Ok((Recorded { weight: Some(weight), bias: None, statistics: Some(statistics) }, output))
    }
}
