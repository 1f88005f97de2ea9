//! One block in its three forms on a device (Xie et al. 2017, Fig. 3), from the same weights and on the same input.

use super::{Classifier, Device, Engine, Run};
use crate::error::Error;
use crate::model::{BlockForm, Graph};
use crate::plan::{Plan, PlanOptions};
use crate::weights::{KeptTensors, WeightSource};

/// A block in each of its forms, ready to run.
pub struct BlockForms {
    /// In the order of [`BlockForm::ALL`].
    engines: Vec<Engine>,
    /// The block's input, row-major `[n, c, h, w]`.
    input: Vec<f32>,
}

impl BlockForms {
    /// Plans the block called `name` of `graph` in each form and uploads its weights, which are read once. `input` is
    /// the block's own input, the tensor [`Graph::block_input`].
    ///
    /// Neither products nor activations are ever f16 ([`Tuning`](crate::plan::Tuning)): the forms would differ by their rounding, and
    /// not only by the order of sums.
    ///
    /// # Errors
    /// [`Error`] if there is no such block, it cannot be planned, its weights cannot be read, or the device fails.
    pub async fn load(
        device: &Device,
        source: &dyn WeightSource,
        (graph, name): (&Graph, &str),
        options: PlanOptions,
        input: Vec<f32>,
    ) -> Result<Self, Error> {
        let mut tuning = device.usable(options.tuning);
        if let Some(tuning) = &mut tuning {
            (tuning.product_f16, tuning.activation_f16) = (false, false);
        }
        let plan = |form| Ok::<_, Error>(Plan::new(graph.block(name, form)?, PlanOptions { tuning, ..options })?);
        let grouped = plan(BlockForm::C)?;
        let names: Vec<String> = grouped.uploads.iter().flat_map(|upload| grouped.tensors(upload)).collect();
        let weights = KeptTensors::fetch(source, &names).await?;
        let mut engines = Vec::with_capacity(BlockForm::ALL.len());
        for form in BlockForm::ALL {
            engines.push(Engine::build(device, plan(form)?, &weights, &|_| {}).await?);
        }
        Ok(Self { engines, input })
    }

    /// The plan of a form: its dispatches, and its graph with the parameters and the multiply-adds.
    pub fn plan(&self, form: BlockForm) -> &Plan {
        self.engine(form).plan()
    }

    /// Runs a form; its only output has the block's name.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn run(&self, form: BlockForm) -> Result<Run, Error> {
        self.engine(form).run(&self.input).await
    }

    fn engine(&self, form: BlockForm) -> &Engine {
        &self.engines[form as usize]
    }
}

impl Classifier {
    /// The block of this name in its three forms on `device`, with its own input for `tensor`, which is as
    /// [`Classifier::classify_batch`] takes it. `None` if the network has no such block.
    ///
    /// # Errors
    /// As [`BlockForms::load`], or as [`Engine::read`].
    pub async fn block_forms(
        &self,
        device: &Device,
        block: &str,
        options: PlanOptions,
        tensor: &[f32],
    ) -> Result<Option<BlockForms>, Error> {
        let graph = self.graph();
        let Some(input) = graph.block_input(block) else { return Ok(None) };
        let name = graph.tensors[input].name.as_str();
        let read = self.read(tensor, &[name]).await?;
        let input = read.values(name).to_vec();
        Ok(Some(BlockForms::load(device, self.model(), (graph, block), options, input).await?))
    }
}

/// The largest difference between two tensors, relative to the largest magnitude of `reference`; not finite where a value is not,
/// or where their lengths differ.
pub fn largest_difference(values: &[f32], reference: &[f32]) -> f64 {
    if values.len() != reference.len() {
        return f64::INFINITY;
    }
    let (mut difference, mut peak) = (0.0, 0.0);
    for (&value, &expected) in values.iter().zip(reference) {
        if !(value.is_finite() && expected.is_finite()) {
            return f64::INFINITY;
        }
        difference = f64::max(difference, (f64::from(value) - f64::from(expected)).abs());
        peak = f64::max(peak, f64::from(expected).abs());
    }
    // Of all zeros any other value differs without bound.
    if difference == 0.0 { 0.0 } else { difference / peak }
}

#[cfg(test)]
mod tests {
    use super::largest_difference;

    #[test]
    fn the_difference_is_told_of_the_peak() {
        assert_eq!(largest_difference(&[1.0, -4.0, 2.0], &[1.0, -4.0, 2.0]), 0.0);
        assert_eq!(largest_difference(&[1.0, -4.0, 2.5], &[1.0, -4.0, 2.0]), 0.125);
        assert_eq!(largest_difference(&[0.0], &[0.0]), 0.0);
        for (values, reference) in
            [(&[f32::NAN][..], &[1.0][..]), (&[1.0], &[f32::INFINITY]), (&[1.0], &[]), (&[1.0], &[0.0])]
        {
            assert_eq!(largest_difference(values, reference), f64::INFINITY);
        }
    }
}
