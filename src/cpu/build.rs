//! From plan to engine: memory, and the weights one layer at a time.

use std::cell::RefCell;

use cardinal_cpu::Scratch;

use super::engine::State;
use super::step::{Packed, pack};
use super::{CpuError, Engine};
use crate::plan::{BufferRef, Plan};
use crate::weights::WeightSource;

impl Engine {
    /// Allocates, and packs the weights as they come; `progress` is told bytes done and
    /// bytes in all.
    ///
    /// # Errors
    /// What the tensors or the memory refuse.
    pub async fn build(plan: Plan, source: &dyn WeightSource, progress: &dyn Fn(u64, u64)) -> Result<Self, CpuError> {
        // In f32 on the CPU; in the plan perhaps in less.
        let total = plan.weights.iter().map(|weight| weight.len * size_of::<f32>()).sum::<usize>();
        probe(total + plan.activation_bytes())?;
        let slots = plan.slots.iter().map(|bytes| vec![0.0; bytes / size_of::<f32>()]).collect();
        let mut weights: Vec<Option<Packed>> = plan.weights.iter().map(|_| None).collect();
        let (scratch, mut bytes) = (Scratch::default(), 0);
        for (names, upload) in plan.uploads_in_file_order(source) {
            let tensors = source.fetch(&names).await?;
            let folded = plan.fold(upload, &*tensors)?;
            bytes += size_of_val(&folded.weight[..]) + size_of_val(&folded.bias[..]);
            let [target, _] = upload.targets;
            let reader = plan.steps.iter().find(|step| step.buffers.contains(&BufferRef::Weight(target)));
            weights[target] = reader.map(|step| pack(scratch.instructions(), &step.task, folded));
            progress(bytes as u64, total as u64);
        }
        Ok(Self { plan, weights, state: RefCell::new(State { runs: 0, slots, scratch }) })
    }
}

/// Whether so much memory can be had: the allocator would end the page otherwise.
pub(super) fn probe(needed: usize) -> Result<(), CpuError> {
    Vec::<u8>::new().try_reserve_exact(needed).map_err(|_| CpuError::OutOfMemory { needed })
}
