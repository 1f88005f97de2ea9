//! Which buffer every activation lives in: tensors whose lifetimes do not overlap share one.

use super::fuse::Operation;
use crate::model::{Graph, TensorId};

/// Buffers and who lives in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// Bytes of every buffer.
    pub slots: Vec<usize>,
    /// Bytes alive at the worst step.
    pub lower_bound: usize,
    slot_of: Vec<Option<usize>>,
}

impl Placement {
    /// The buffer of a tensor that is written.
    ///
    /// # Panics
    /// For a tensor that was fused away; no step and no output names one.
    pub fn slot(&self, tensor: TensorId) -> usize {
        self.slot_of[tensor].expect("fusion keeps every tensor that a step reads or an output names")
    }
}

/// First and last operation at which a tensor must hold its values.
#[derive(Clone, Copy, Debug)]
struct Lifetime {
    tensor: TensorId,
    first: usize,
    last: usize,
    bytes: usize,
}

impl Lifetime {
    fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Largest tensors first, each into the first buffer that is free for its whole life: the large ones set the sizes, the
/// small ones fill the gaps.
pub fn place(graph: &Graph, operations: &[Operation], keep: &[TensorId]) -> Placement {
    let mut lifetimes = lifetimes(graph, operations, keep);
    let lower_bound = (0..operations.len())
        .map(|at| lifetimes.iter().filter(|life| life.first <= at && at <= life.last).map(|life| life.bytes).sum())
        .max()
        .unwrap_or(0);

    lifetimes.sort_by_key(|life| (std::cmp::Reverse(life.bytes), life.first));
    let mut slots: Vec<(usize, Vec<Lifetime>)> = Vec::new();
    let mut slot_of = vec![None; graph.tensors.len()];
    for life in lifetimes {
        let free = slots.iter().position(|(_, tenants)| tenants.iter().all(|tenant| !tenant.overlaps(&life)));
        let slot = free.unwrap_or_else(|| {
            slots.push((life.bytes, Vec::new()));
            slots.len() - 1
        });
        slots[slot].1.push(life);
        slot_of[life.tensor] = Some(slot);
    }
    Placement { slots: slots.into_iter().map(|(bytes, _)| bytes).collect(), lower_bound, slot_of }
}

fn lifetimes(graph: &Graph, operations: &[Operation], keep: &[TensorId]) -> Vec<Lifetime> {
    let end = operations.len().saturating_sub(1);
    let mut lives: Vec<Option<Lifetime>> = vec![None; graph.tensors.len()];
    let mut touch = |tensor: TensorId, at: usize| {
        let bytes = graph.tensors[tensor].shape.bytes();
        let life = lives[tensor].get_or_insert(Lifetime { tensor, first: at, last: at, bytes });
        life.last = at;
    };
    touch(graph.input, 0);
    for (at, operation) in operations.iter().enumerate() {
        for &input in graph.layers[operation.layers[0]].inputs.iter().chain(&operation.residual) {
            touch(input, at);
        }
        touch(operation.output, at);
    }
    for &tensor in keep {
        touch(tensor, end);
    }
    lives.into_iter().flatten().collect()
}
