//! The step that classifies the picture.

use super::{Interrupt, Pass};
use crate::protocol::{Answer, Event, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Classifies the picture, unless the last answer is for this picture and setting; says whether the network ran.
    pub(super) async fn classify(
        &self,
        classifier: &H::Classifier,
        picture: u64,
        tensor: &[f32],
    ) -> Result<bool, Interrupt> {
        let known = Some((picture, self.setting.clone()));
        if *self.results.answer.borrow() == known {
            return Ok(false);
        }
        self.work(Work::Classifying);
        self.host.turn().await;
        let answer = self.host.classify(classifier, tensor).await?;
        self.replaced.set(false);
        if !answer.logits.iter().all(|logit| logit.is_finite()) {
            let text = "The network's outputs are not numbers: its weights hold infinities or NaN, or are too large for the \
                        number format chosen. Use f32 weights, or another file.";
            return Err(Interrupt::Failed(text.into()));
        }
        *self.results.top.borrow_mut() = answer.top_k.iter().map(|prediction| prediction.index).collect();
        self.results.run.set(answer.run);
        let labels = self.networks.get(self.setting.network).and_then(|network| network.labels);
        let top = answer.top_k.into_iter().map(|prediction| {
            let index = prediction.index;
            // The list's names are the newest: they may have been changed since the network was brought to its device.
            let label = labels.as_ref().and_then(|labels| labels.get(index).cloned()).or(prediction.label);
            let unnamed = || match self.setting.config.num_classes {
                1 => ["no", "yes"][index.min(1)].to_owned(),
                _ => format!("class {index}"),
            };
            (label.unwrap_or_else(unnamed), prediction.probability)
        });
        let answer = Answer {
            picture,
            setting: self.setting.clone(),
            top: top.collect(),
            logits: answer.logits,
            wall_ms: answer.timing.wall_ms,
            gpu_ms: answer.timing.gpu_ms,
        };
        *self.results.answer.borrow_mut() = known;
        self.emit(Event::Answer(answer));
        Ok(true)
    }
}
