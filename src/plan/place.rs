//! Which buffer every activation lives in: tensors whose lifetimes do not overlap share one. Inference and training are placed alike.

use std::cmp::Reverse;

use super::fuse::Operation;
use crate::kernels::GpuDtype;
use crate::model::{Graph, TensorId};

/// Buffers and who lives in them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placement {
    /// Bytes of every buffer.
    pub slots: Vec<usize>,
    /// Bytes alive at the worst step.
    pub lower_bound: usize,
    /// That step.
    pub peak: usize,
    slot_of: Vec<Option<usize>>,
}

impl Placement {
    /// The buffer of a tensor that is written.
    ///
    /// # Panics
    /// For a tensor that was fused away; no step and no output names one.
    pub(super) fn slot(&self, tensor: TensorId) -> usize {
        self.slot_of[tensor].expect("fusion keeps every tensor that a step reads or an output names")
    }
}

/// First and last step at which a tensor must hold its values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifetime {
    /// Its number among all tensors.
    pub tensor: usize,
    pub first: usize,
    pub last: usize,
    pub bytes: usize,
}

impl Lifetime {
    fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Buffers for the activations of an inference.
pub(super) fn place(
    graph: &Graph,
    operations: &[Operation],
    keep: &[TensorId],
    dtype: impl Fn(TensorId) -> GpuDtype,
) -> Placement {
    let bytes = |tensor: TensorId| dtype(tensor).bytes(graph.tensors[tensor].shape.len());
    place_lives(&lifetimes(graph, operations, keep, bytes), operations.len(), graph.tensors.len())
}

/// Buffers of the least size in all that a few greedy orders find, for `tensors` tensors in `steps` steps. The lifetimes are in
/// the order in which they begin.
///
/// Largest tensors first lets the large ones set the sizes and the small ones fill the gaps; execution order needs the
/// fewest buffers. Neither is best for every network, and trying them costs nothing.
pub(super) fn place_lives(by_start: &[Lifetime], steps: usize, tensors: usize) -> Placement {
    let alive = |at: usize| by_start.iter().filter(move |life| life.first <= at && at <= life.last);
    let bytes = |at: usize| alive(at).map(|life| life.bytes).sum::<usize>();
    // Of equal ones the first.
    let (lower_bound, Reverse(peak)) = (0..steps).map(|at| (bytes(at), Reverse(at))).max().unwrap_or((0, Reverse(0)));
    // Of equal sizes the earlier or the longer-lived first.
    let sorted = |key: fn(&Lifetime) -> (Reverse<usize>, usize, usize)| {
        let mut order = by_start.to_vec();
        order.sort_unstable_by_key(key);
        order
    };
    let by_size = sorted(|life| (Reverse(life.bytes), life.first, life.tensor));
    let by_size_and_length = sorted(|life| (Reverse(life.bytes), usize::MAX - (life.last - life.first), life.tensor));

    let mut best: Option<Placement> = None;
    for order in [&by_size[..], &by_size_and_length, by_start] {
        for prefer_small in [false, true] {
            let (slots, slot_of) = assign(order, prefer_small, tensors);
            let total = |slots: &[usize]| slots.iter().sum::<usize>();
            if best.as_ref().is_none_or(|best| total(&slots) < total(&best.slots)) {
                best = Some(Placement { slots, lower_bound, peak, slot_of });
            }
        }
    }
    best.unwrap_or(Placement { slots: Vec::new(), lower_bound, peak, slot_of: Vec::new() })
}

/// Puts each tensor into the buffer, free for its whole life, that has to grow least for it; if several grow equally, the smallest or
/// the largest. Returns the buffers' sizes and the tensors' buffers.
fn assign(order: &[Lifetime], prefer_small: bool, tensors: usize) -> (Vec<usize>, Vec<Option<usize>>) {
    let mut slots: Vec<(usize, Vec<Lifetime>)> = Vec::new();
    let mut slot_of = vec![None; tensors];
    for &life in order {
        let is_free = |tenants: &[Lifetime]| tenants.iter().all(|tenant| !tenant.overlaps(&life));
        let cost =
            |bytes: usize| (life.bytes.saturating_sub(bytes), if prefer_small { bytes } else { usize::MAX - bytes });
        let free = (0..slots.len()).filter(|&slot| is_free(&slots[slot].1)).min_by_key(|&slot| cost(slots[slot].0));
        let slot = free.unwrap_or_else(|| {
            slots.push((0, Vec::new()));
            slots.len() - 1
        });
        slots[slot].0 = slots[slot].0.max(life.bytes);
        slots[slot].1.push(life);
        slot_of[life.tensor] = Some(slot);
    }
    (slots.into_iter().map(|(bytes, _)| bytes).collect(), slot_of)
}

fn lifetimes(
    graph: &Graph,
    operations: &[Operation],
    keep: &[TensorId],
    bytes: impl Fn(TensorId) -> usize,
) -> Vec<Lifetime> {
    let end = operations.len().saturating_sub(1);
    let mut lives: Vec<Option<Lifetime>> = vec![None; graph.tensors.len()];
    let mut touch = |tensor: TensorId, at: usize| {
        let life = lives[tensor].get_or_insert_with(|| Lifetime { tensor, first: at, last: at, bytes: bytes(tensor) });
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
