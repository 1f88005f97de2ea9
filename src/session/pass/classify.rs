//! The step that classifies the picture.

use super::{Interrupt, Pass};
use crate::classifier::Model;
use crate::protocol::{Answer, Backend, Event, Setting, Work};
use crate::session::host::Host;
use crate::session::state::Session;

impl<H: Host> Pass<H> {
    /// Classifies the picture, unless the last answer is for this picture and setting; says whether the network ran. A device that has
    /// replaced a lost one has to run in any case: so it is known whether it works.
    pub(super) async fn classify(
        &self,
        classifier: &H::Classifier,
        picture: u64,
        tensor: &[f32],
    ) -> Result<bool, Interrupt> {
        let known = Some((picture, self.setting.clone()));
        let is_known = *self.results.answer.borrow() == known;
        let is_on_trial = self.setting.backend == Backend::WebGpu && self.device.losses.is_on_trial();
        if is_known && !is_on_trial {
            return Ok(false);
        }
        self.work(Work::Classifying);
        self.host.turn().await;
        let answer = self.host.classify(classifier, tensor).await?;
        self.results.run.set(answer.run);
        if is_known {
            return Ok(true);
        }
        self.device.losses.forget();
        finite(&answer.logits)?;
        *self.results.top.borrow_mut() = answer.top_k.iter().map(|prediction| prediction.index).collect();
        let top = answer.top_k.iter().map(|prediction| (prediction.index, prediction.probability)).collect();
        let answer = Answer {
            picture,
            setting: self.setting.clone(),
            top: self.named(&self.setting, self.host.model(classifier), top),
            logits: answer.logits,
            wall_ms: answer.timing.wall_ms,
            gpu_ms: answer.timing.gpu_ms,
        };
        *self.results.answer.borrow_mut() = known;
        self.emit(Event::Answer(answer));
        Ok(true)
    }
}

impl<H: Host> Session<H> {
    /// Answers with the names of their classes, in place of their indices.
    pub(in crate::session) fn named(
        &self,
        setting: &Setting,
        model: &Model,
        top: Vec<(usize, f32)>,
    ) -> Vec<(String, f32)> {
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
pub(in crate::session) fn finite(logits: &[f32]) -> Result<(), Interrupt> {
    if logits.iter().all(|logit| logit.is_finite()) {
        return Ok(());
    }
    let text = "The network's outputs are not numbers: its weights hold infinities or NaN, or are too large for the number \
                format chosen. Use f32 weights, or another file.";
    Err(Interrupt::Failed(text.into()))
}
