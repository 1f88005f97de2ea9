//! The step that classifies the picture.

use super::{Interrupt, Pass};
use crate::protocol::{Answer, Backend, Event, Work};
use crate::session::answers::finite;
use crate::session::host::Host;

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
