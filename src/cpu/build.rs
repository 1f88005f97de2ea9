//! From plan to engine: memory, and the weights one layer at a time.

use std::cell::RefCell;

use cardinal_cpu::{Packed, Scratch};

use super::engine::State;
use super::step::pack;
use super::{CpuError, Engine};
use crate::plan::{BufferRef, Folded, Plan};
use crate::weights::WeightSource;

impl Engine {
    /// Allocates, and packs the weights as they come; `progress` is told bytes done and
    /// bytes in all.
    ///
    /// # Errors
    /// What the tensors or the memory refuse.
    pub async fn build(plan: Plan, source: &dyn WeightSource, progress: &dyn Fn(u64, u64)) -> Result<Self, CpuError> {
        probe(weight_bytes(&plan) + plan.activation_bytes())?;
        let slots = plan.slot_lens().map(|len| vec![0.0; len]).collect();
        let mut weights: Vec<Option<Packed>> = plan.weights.iter().map(|_| None).collect();
        let scratch = Scratch::default();
        let take = |step: usize, target: usize, folded| {
            weights[target] = Some(pack(scratch.instructions(), plan.steps[step].task, folded));
        };
        each_weight(&plan, source, progress, take).await?;
        Ok(Self { plan, weights, state: RefCell::new(State { runs: 0, slots, scratch }) })
    }
}

/// Bytes of the weights: in f32 on the CPU, in the plan perhaps in less.
fn weight_bytes(plan: &Plan) -> usize {
    plan.weights.iter().map(|weight| weight.len * size_of::<f32>()).sum()
}

/// Hands over the folded weights of each step as they come: the step, the place in [`Plan::weights`], and the values. `progress` is told bytes
/// done and bytes in all.
///
/// # Errors
/// What the tensors refuse.
pub(super) async fn each_weight(
    plan: &Plan,
    source: &dyn WeightSource,
    progress: &dyn Fn(u64, u64),
    mut take: impl FnMut(usize, usize, Folded),
) -> Result<(), CpuError> {
    let (total, mut bytes) = (weight_bytes(plan), 0);
    for (names, upload) in plan.uploads_in_file_order(source) {
        let tensors = source.fetch(&names).await?;
        let folded = plan.fold(upload, &*tensors)?;
        bytes += size_of_val(&folded.weight[..]) + size_of_val(&folded.bias[..]);
        let [target, _] = upload.targets;
        let reader = plan.steps.iter().position(|step| step.buffers.contains(&BufferRef::Weight(target)));
        if let Some(step) = reader {
            take(step, target, folded);
        }
        progress(bytes as u64, total as u64);
    }
    Ok(())
}

/// Whether so much memory can be had: the allocator would end the page otherwise.
pub(super) fn probe(needed: usize) -> Result<(), CpuError> {
    Vec::<u8>::new().try_reserve_exact(needed).map_err(|_| CpuError::OutOfMemory { needed })
}
