//! Which layers one dispatch computes.

use super::options::PlanKind;
use crate::model::{Graph, Layer, Op, Slice, TensorId};

/// One or more graph layers that become one operation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operation {
    /// Graph layers, in order; the first is the one that computes, the others are folded in.
    pub layers: Vec<usize>,
    /// Batch norm folded into the weights of the first layer.
    pub batch_norm: Option<usize>,
    /// Tensor added before the activation.
    pub residual: Option<TensorId>,
    pub relu: bool,
    pub output: TensorId,
}

/// The operations of a graph in execution order. Tensors in `keep` are always written: nothing is fused over them.
///
/// A batch norm after a sum of convolutions, as in form A, goes into each term: `scale * (a + b) + shift` is `(scale * a + shift) +
/// scale * b`. So the weights of all three forms are the same, also where they are rounded to f16; in between, the sum's tensors
/// hold scaled values.
pub(super) fn operations(graph: &Graph, kind: PlanKind, keep: &[TensorId]) -> Vec<Operation> {
    let consumers = consumers(graph);
    let norms = if kind == PlanKind::Fused { norms_of_sums(graph, &consumers, keep) } else { Vec::new() };
    let mut taken = vec![false; graph.layers.len()];
    let mut written = vec![false; graph.tensors.len()];
    written[graph.input] = true;
    let mut operations = Vec::new();
    for index in 0..graph.layers.len() {
        if taken[index] {
            continue;
        }
        let layer = &graph.layers[index];
        let relu = matches!(layer.op, Op::BatchNorm { relu: true } | Op::Add { relu: true });
        let mut operation =
            Operation { layers: vec![index], batch_norm: None, residual: None, relu, output: layer.output };
        if kind == PlanKind::Fused && matches!(layer.op, Op::Conv2d { .. }) {
            operation.batch_norm = norms.get(index).copied().flatten();
            absorb(graph, &consumers, &written, keep, &mut operation);
        }
        for &layer in &operation.layers {
            taken[layer] = true;
        }
        written[operation.output] = true;
        operations.push(operation);
    }
    operations
}

/// Takes the batch norm and the residual add that follow a convolution into its epilogue, as far as nobody else reads
/// what lies between and the other side of the sum is there already.
fn absorb(graph: &Graph, consumers: &[Vec<usize>], written: &[bool], keep: &[TensorId], operation: &mut Operation) {
    let sole_consumer = |tensor: TensorId| match consumers[tensor][..] {
        [only] if !keep.contains(&tensor) => Some(only),
        _ => None,
    };
    if let Some(next) = sole_consumer(operation.output)
        && let Op::BatchNorm { relu } = graph.layers[next].op
    {
        operation.layers.push(next);
        operation.batch_norm = Some(next);
        operation.relu = relu;
        operation.output = graph.layers[next].output;
    }
    if !operation.relu
        && let Some(next) = sole_consumer(operation.output)
        && let Op::Add { relu } = graph.layers[next].op
        && let Some(&other) = graph.layers[next].inputs.iter().find(|&&input| input != operation.output)
        && written[other]
    {
        operation.layers.push(next);
        operation.residual = Some(other);
        operation.relu = relu;
        operation.output = graph.layers[next].output;
        // The last term of a sum, whose batch norm is in the weights of all terms.
        if let Some(norm) = operation.batch_norm
            && consumers[operation.output] == [norm]
            && let Op::BatchNorm { relu } = graph.layers[norm].op
        {
            operation.layers.push(norm);
            operation.relu = relu;
            operation.output = graph.layers[norm].output;
        }
    }
}

/// For each convolution that is a term of a sum: the batch norm that follows the sum, if nobody else reads what lies between.
fn norms_of_sums(graph: &Graph, consumers: &[Vec<usize>], keep: &[TensorId]) -> Vec<Option<usize>> {
    let mut norms = vec![None; graph.layers.len()];
    let mut writer = vec![None; graph.tensors.len()];
    for (index, layer) in graph.layers.iter().enumerate() {
        writer[layer.output] = Some(index);
        if !matches!(layer.op, Op::BatchNorm { .. }) {
            continue;
        }
        let (mut terms, mut sums) = (Vec::new(), vec![layer.inputs[0]]);
        while let Some(tensor) = sums.pop() {
            let from = writer[tensor].filter(|_| consumers[tensor].len() == 1 && !keep.contains(&tensor));
            match from.map(|from| &graph.layers[from]) {
                Some(Layer { op: Op::Add { relu: false }, inputs, .. }) => sums.extend(inputs),
                Some(Layer { op: Op::Conv2d { .. }, slice: Slice::In { .. }, .. }) => terms.extend(from),
                _ => {
                    terms.clear();
                    break;
                }
            }
        }
        for term in terms {
            norms[term] = Some(index);
        }
    }
    norms
}

/// For every tensor the layers that read it.
fn consumers(graph: &Graph) -> Vec<Vec<usize>> {
    let mut consumers = vec![Vec::new(); graph.tensors.len()];
    for (index, layer) in graph.layers.iter().enumerate() {
        for &input in &layer.inputs {
            consumers[input].push(index);
        }
    }
    consumers
}
