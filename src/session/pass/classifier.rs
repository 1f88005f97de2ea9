//! The step that has the network on its device.

use std::rc::Rc;

use super::{Interrupt, Pass, load_step};
use crate::classifier::{DeviceOf, Model};
use crate::protocol::{Event, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// The setting's network on its device; built unless it is there.
    pub(super) async fn classifier(
        &self,
        device: &DeviceOf<H::Gpu>,
        model: &Model,
    ) -> Result<Rc<H::Classifier>, Interrupt> {
        let loaded = self.pass.loaded.borrow_mut().take_if(|(of, _)| *of == self.setting);
        if loaded.is_some() {
            *self.pass.ready.borrow_mut() = loaded;
        }
        if let Some((_, network)) = self.pass.ready.borrow().as_ref().filter(|(of, _)| *of == self.setting) {
            return Ok(network.clone());
        }
        // Its memory on the device is wanted for the next.
        self.pass.ready.take();
        let model = model.at(self.setting.config.clone());
        let progress = |progress| self.work(Work::Building(load_step(progress)));
        // The visitor waits for the first answer, not for the second.
        let network = Rc::new(self.host.load(device, &model, &self.setting, false, &progress).await?);
        self.emit(Event::Memory { setting: self.setting.clone(), bytes: self.host.bytes(&network) });
        *self.pass.ready.borrow_mut() = Some((self.setting.clone(), network.clone()));
        Ok(network)
    }
}
