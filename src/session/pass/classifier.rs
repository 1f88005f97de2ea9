//! The step that brings the network to its device.

use std::rc::Rc;

use super::{Interrupt, Pass, load_step};
use crate::classifier::{DeviceOf, Model};
use crate::protocol::{Event, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// The setting's classifier, built unless there is one.
    ///
    /// # Errors
    /// The weights cannot be read, or the device cannot run the network or is lost.
    pub(super) async fn classifier(
        &self,
        device: &DeviceOf<H::Gpu>,
        model: &Model,
    ) -> Result<Rc<H::Classifier>, Interrupt> {
        let loaded = self.pass.loaded.borrow_mut().take_if(|(of, _)| *of == self.setting);
        if loaded.is_some() {
            *self.pass.ready.borrow_mut() = loaded;
        }
        if let Some((_, classifier)) = self.pass.ready.borrow().as_ref().filter(|(of, _)| *of == self.setting) {
            return Ok(classifier.clone());
        }
        // The next one needs its memory on the device.
        self.pass.ready.take();
        let model = model.at(self.setting.config.clone());
        let progress = |progress| self.work(Work::Building(load_step(progress)));
        // No warm-up: it would delay the first answer.
        let classifier = match self.host.load(device, &model, &self.setting, false, &progress).await {
            Ok(classifier) => Rc::new(classifier),
            Err(error) if self.make_room(&self.setting, &error) => return Err(Interrupt::Restart),
            Err(error) => return Err(error.into()),
        };
        // None of its runs is the one that gave the last answer.
        self.results.run.set(0);
        self.emit(Event::Memory { setting: self.setting.clone(), bytes: self.host.bytes(&classifier) });
        *self.pass.ready.borrow_mut() = Some((self.setting.clone(), classifier.clone()));
        Ok(classifier)
    }
}
