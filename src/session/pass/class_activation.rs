//! The step that makes class activation maps of the answer's classes.

use super::{Answered, Interrupt, Pass};
use crate::classifier;
use crate::protocol::{ClassActivation, Event, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Makes the maps, unless the last ones are for this picture and setting. A network without a head has none.
    pub(super) async fn class_activation(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let known = Some((answered.picture, self.setting.clone()));
        let answers = self.results.top.borrow().clone();
        if *self.results.class_activation.borrow() == known || answers.is_empty() {
            return Ok(());
        }
        self.next(Work::Looking).await?;
        let made = self.maps(answered, &answers).await;
        if matches!(made, Ok(_) | Err(Interrupt::Failed(_))) {
            // What has failed is not tried again for the same answer.
            *self.results.class_activation.borrow_mut() = known;
        }
        let Some(maps) = made? else { return Ok(()) };
        let plane = maps.shape.h * maps.shape.w;
        self.emit(Event::ClassActivation(ClassActivation {
            picture: answered.picture,
            setting: self.setting.clone(),
            width: maps.shape.w,
            maps: maps.values.chunks(plane.max(1)).map(<[f32]>::to_vec).collect(),
        }));
        Ok(())
    }

    /// The maps of the last run where that was of this picture. Otherwise the network runs again.
    async fn maps(
        &self,
        answered: &Answered<H>,
        answers: &[usize],
    ) -> Result<Option<classifier::ClassActivation>, Interrupt> {
        let run = self.results.run.get();
        let maps = self.host.class_activation(&answered.classifier, run, answers).await?;
        if maps.is_some() {
            return Ok(maps);
        }
        let run = self.host.classify(&answered.classifier, &answered.tensor).await?.run;
        self.results.run.set(run);
        Ok(self.host.class_activation(&answered.classifier, run, answers).await?)
    }
}
