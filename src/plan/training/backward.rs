//! The backward pass, from the last layer to the first, and the optimiser's step for each parameter as soon as it can be done.

use super::buffer::TrainingBuffer::{self, Parameter, Slot, Velocity};
use super::forward::{Forward, Recorded};
use super::step::Phase;
use super::tape::{Tape, Temporary};
use super::task::TrainingTask;
use crate::model::{Graph, Layer, Op, TensorId};
use crate::plan::Task;
use crate::shape::{Conv2dSpec, Nchw};

/// Records the backward pass and the optimiser. Gives the gradient of each parameter.
pub(super) fn record(graph: &Graph, forward: &Forward, tape: &mut Tape) -> Vec<Temporary> {
    let mut backward = Backward {
        graph,
        forward,
        gradients: vec![None; forward.tensors.len()],
        parameters: vec![None; tape.parameters.len()],
        tape,
    };
    let layers = &graph.layers[..forward.layers.len()];
    if let Some(last) = layers.last() {
        backward.gradients[last.output] = Some(forward.grad);
    }
    for (layer, recorded) in layers.iter().zip(&forward.layers).rev() {
        backward.layer(layer, recorded);
    }
    backward.parameters.into_iter().flatten().collect()
}

struct Backward<'a> {
    graph: &'a Graph,
    forward: &'a Forward,
    tape: &'a mut Tape,
    /// By tensor of the graph: its gradient, as far as its readers have been gone through.
    gradients: Vec<Option<Temporary>>,
    /// By parameter.
    parameters: Vec<Option<Temporary>>,
}

impl Backward<'_> {
    fn layer(&mut self, layer: &Layer, recorded: &Recorded) {
        let Some(grad) = self.gradients[layer.output].take() else {
            unreachable!("{}: every output of a network is read by a later layer", layer.name)
        };
        let (input, output) = (layer.inputs[0], layer.output);
        let (input_shape, shape) = (self.graph.tensors[input].shape, self.graph.tensors[output].shape);
        let (name, dy) = (&layer.name[..], Slot(grad));
        match layer.op {
            Op::Linear { in_features, out_features, .. } => {
                let (n, x) = (input_shape.n, self.saved(input));
                let macs = self.graph.layer_macs(layer);
                let task = TrainingTask::LinearGradWeight { n, in_features, out_features };
                let weight = self.compute((name, macs), task, &[dy, x], in_features * out_features);
                let task = TrainingTask::LinearGradInput { n, in_features, out_features };
                let dx = self.compute((name, macs), task, &[dy, parameter(recorded.weight)], input_shape.len());
                self.learn_weights(name, recorded, weight, dy, shape);
                self.contribute(name, input, dx);
            }
            Op::GlobalAvgPool => {
                let task = TrainingTask::GlobalAvgPoolGradInput { input: input_shape };
                let dx = self.compute((name, 0), task, &[dy], input_shape.len());
                self.contribute(name, input, dx);
            }
            Op::MaxPool(pool) => {
                let task = TrainingTask::MaxPoolGradInput { pool, input: input_shape, output: shape };
                let dx = self.compute((name, 0), task, &[self.saved(input), dy], input_shape.len());
                self.contribute(name, input, dx);
            }
            Op::Add { relu } => {
                let task = TrainingTask::ResidualAddGradInput { shape };
                let terms =
                    if relu { self.compute((name, 0), task, &[self.saved(output), dy], shape.len()) } else { grad };
                for &term in &layer.inputs {
                    self.contribute(name, term, terms);
                }
            }
            Op::BatchNorm { relu } => self.batch_norm(layer, recorded, relu, dy),
            Op::Conv2d { spec, .. } => self.convolution(layer, recorded, spec, dy),
            Op::Concat | Op::Softmax | Op::Sigmoid => unreachable!("no layer of a network that can be trained"),
        }
    }

    fn batch_norm(&mut self, layer: &Layer, recorded: &Recorded, relu: bool, dy: TrainingBuffer) {
        let (name, input) = (&layer.name[..], layer.inputs[0]);
        let shape = self.graph.tensors[input].shape;
        let Some(statistics) = recorded.statistics else { unreachable!("{name}: a batch norm has statistics") };
        let (x, statistics, output) = (self.saved(input), Slot(statistics), self.saved(layer.output));
        let mask = relu.then_some(output);
        let reads: Vec<_> = [x, statistics, dy].into_iter().chain(mask).collect();
        let task = TrainingTask::BatchNormGradWeight { shape, relu };
        let parameters = self.compute((name, 0), task, &reads, 2 * shape.c);
        let reads = [x, statistics, dy, parameter(recorded.weight), Slot(parameters)];
        let reads: Vec<_> = reads.into_iter().chain(mask).collect();
        let dx = self.compute((name, 0), TrainingTask::BatchNormGradInput { shape, relu }, &reads, shape.len());
        self.learn(name, recorded.weight, parameters, (2 * shape.c, false));
        self.contribute(name, input, dx);
    }

    fn convolution(&mut self, layer: &Layer, recorded: &Recorded, spec: Conv2dSpec, dy: TrainingBuffer) {
        let (name, from) = (&layer.name[..], layer.inputs[0]);
        let (input, output) = (self.graph.tensors[from].shape, self.graph.tensors[layer.output].shape);
        let step = (name, self.graph.layer_macs(layer));
        let task = TrainingTask::Conv2dGradWeight { spec, input, output };
        let weight = self.compute(step, task, &[dy, self.saved(from)], spec.weight_len());
        // Nobody wants to know the gradient of the pictures.
        if from != self.graph.input {
            let known = self.gradients[from].take();
            let reads: Vec<_> = [dy, parameter(recorded.weight)].into_iter().chain(known.map(Slot)).collect();
            let task = TrainingTask::Conv2dGradInput { spec, input, output, residual: known.is_some() };
            self.gradients[from] = Some(self.compute(step, task, &reads, input.len()));
        }
        self.learn_weights(name, recorded, weight, dy, output);
    }

    /// The gradient of the bias if there is one, and the optimiser's steps for both.
    fn learn_weights(&mut self, name: &str, recorded: &Recorded, weight: Temporary, dy: TrainingBuffer, output: Nchw) {
        let len = recorded.weight.map_or(0, |at| self.tape.parameters[at].len());
        self.learn(name, recorded.weight, weight, (len, true));
        if recorded.bias.is_some() {
            let bias = self.compute((name, 0), TrainingTask::Conv2dGradBias { shape: output }, &[dy], output.c);
            self.learn(name, recorded.bias, bias, (output.c, false));
        }
    }

    fn learn(&mut self, name: &str, to: Option<usize>, grad: Temporary, (len, is_weight): (usize, bool)) {
        let Some(at) = to else { unreachable!("{name}: the forward pass has recorded its parameters") };
        self.parameters[at] = Some(grad);
        let step = (Phase::Optimiser, name, 0);
        let velocity = TrainingTask::SgdVelocity { len, is_weight };
        self.tape.push(step, velocity, &[Slot(grad), Parameter(at)], Velocity(at));
        let parameter = TrainingTask::Sgd { len, is_weight };
        self.tape.push(step, parameter, &[Slot(grad), Velocity(at)], Parameter(at));
    }

    /// Adds to the gradient of a tensor of the graph.
    fn contribute(&mut self, name: &str, tensor: TensorId, grad: Temporary) {
        let shape = self.graph.tensors[tensor].shape;
        let sum = match self.gradients[tensor] {
            None => grad,
            Some(known) => {
                let task = TrainingTask::Forward(Task::Add { shape, relu: false });
                self.compute((name, 0), task, &[Slot(known), Slot(grad)], shape.len())
            }
        };
        self.gradients[tensor] = Some(sum);
    }

    /// What the forward pass has computed.
    fn saved(&self, tensor: TensorId) -> TrainingBuffer {
        Slot(self.forward.tensors[tensor])
    }

    fn compute(
        &mut self,
        (name, macs): (&str, u64),
        task: TrainingTask,
        reads: &[TrainingBuffer],
        len: usize,
    ) -> Temporary {
        self.tape.compute((Phase::Backward, name, macs), task, reads, len)
    }
}

fn parameter(recorded: Option<usize>) -> TrainingBuffer {
    match recorded {
        Some(at) => Parameter(at),
        None => unreachable!("the forward pass records a layer's parameters"),
    }
}
