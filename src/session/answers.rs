//! What every answer needs: the network on its device, outputs that are numbers, and the names of classes.

use std::rc::Rc;

use super::host::Host;
use super::pass::Interrupt;
use super::state::Session;
use crate::classifier::Model;
use crate::protocol::{LoadFailure, LoadProblem, Setting};

impl<H: Host> Session<H> {
    /// The network of the choice, where it is on its device.
    pub(super) fn network_on_device(&self) -> Option<(Setting, Rc<H::Classifier>)> {
        let wanted = self.setting()?;
        self.pass.ready.borrow().as_ref().filter(|(of, _)| *of == wanted).cloned()
    }

    /// Answers with the names of their classes, in place of their indices.
    pub(super) fn named(&self, setting: &Setting, model: &Model, top: Vec<(usize, f32)>) -> Vec<(String, f32)> {
        let list = self.networks.list.borrow();
        // The list's names are the newest: they may have been changed since the network was brought to its device.
        let labels = list.get(setting.network).and_then(|network| network.labels.as_deref()).or(model.labels());
        let name = |index: usize| match labels.and_then(|labels| labels.get(index)) {
            Some(label) => label.clone(),
            None if setting.config.num_classes == 1 => ["no", "yes"][index.min(1)].to_owned(),
            None => format!("class {index}"),
        };
        top.into_iter().map(|(index, share)| (name(index), share)).collect()
    }
}

/// # Errors
/// A logit is infinite or no number.
pub(super) fn finite(logits: &[f32]) -> Result<(), Interrupt> {
    if logits.iter().all(|logit| logit.is_finite()) {
        return Ok(());
    }
    let reason = "The network's outputs are not numbers: its weights hold infinities or NaN, or are too large for the number \
                format chosen. Use f32 weights, or another file.";
    Err(Interrupt::Failed(LoadFailure::new(LoadProblem::File, reason)))
}
