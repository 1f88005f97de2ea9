//! The step that makes class activation maps of the answer's classes.

use super::{Answered, Interrupt, Pass};
use crate::classifier;
use crate::protocol::{ClassActivation, Event, Setting};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Makes the maps, unless the last ones are for this picture and setting. A network without a head has none.
    pub(super) async fn class_activation(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let answers = self.results.top.borrow().clone();
        if answers.is_empty() {
            return Ok(());
        }
        let what = (answered.picture, self.setting.clone());
        self.once(&self.results.class_activation, what, self.make_maps(answered, &answers)).await
    }

    async fn make_maps(&self, answered: &Answered<H>, answers: &[usize]) -> Result<(), Interrupt> {
        let Some(maps) = self.maps(answered, answers).await? else { return Ok(()) };
        let (picture, setting) = (answered.picture, self.setting.clone());
        self.emit(Event::ClassActivation(maps_of(picture, setting, &maps)));
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

/// The maps of a picture, as the page gets them.
pub(in crate::session) fn maps_of(
    picture: u64,
    setting: Setting,
    maps: &classifier::ClassActivation,
) -> ClassActivation {
    let plane = maps.shape.h * maps.shape.w;
    let each = maps.values.chunks(plane.max(1)).map(<[f32]>::to_vec);
    ClassActivation { picture, setting, width: maps.shape.w, maps: each.collect() }
}
