//! How many cores are best for a network.

use std::rc::Rc;

use super::Model;
use crate::cpu::cores::{CoreHost, Cores, Engine};
use crate::error::Error;
use crate::model::{BlockForm, Graph};
use crate::plan::{Plan, PlanOptions};
use crate::weights::KeptTensors;

/// Timed runs on each number of cores, of which the fastest counts: everything else on the machine can only make a run slower.
const RUNS: usize = 5;

/// Milliseconds of a run of the network's middle block on so many cores, for each of `counts`; the runs take turns. Nothing for a network
/// without blocks, or one that is not shared.
///
/// # Errors
/// The block's weights cannot be read, or cores cannot be started.
pub async fn time_cores(
    host: &Rc<dyn CoreHost>,
    model: &Model,
    options: PlanOptions,
    counts: &[usize],
) -> Result<Vec<(usize, f64)>, Error> {
    let side = model.input_size();
    let graph = Graph::build(model.config(), 1, (side, side), BlockForm::C)?;
    let Some(block) = graph.blocks.get(graph.blocks.len() / 2) else { return Ok(Vec::new()) };
    let plan = Plan::new(graph.block(&block.name, BlockForm::C)?, options)?;
    let names: Vec<String> = plan.uploads.iter().flat_map(|upload| plan.tensors(upload)).collect();
    let weights = KeptTensors::fetch(model, &names).await?;
    let mut engines = Vec::new();
    for &count in counts {
        let cores = Cores { host: host.clone(), count };
        let Some(engine) = Engine::build(&cores, &plan, &weights, &|_, _| {}).await? else { return Ok(Vec::new()) };
        engines.push((count, engine));
    }
    let input = vec![0.5; plan.graph.input_shape().len()];
    let mut times: Vec<(usize, f64)> = counts.iter().map(|&count| (count, f64::INFINITY)).collect();
    // The first run is slower than all others.
    for run in 0..=RUNS {
        for ((_, engine), (_, best)) in engines.iter().zip(&mut times) {
            let ms = engine.time(&input).await?;
            if run > 0 {
                *best = best.min(ms);
            }
        }
    }
    Ok(times)
}
