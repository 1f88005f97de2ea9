//! The step that opens the model: the header of its file is read, the weights stay where they are.

use super::{Interrupt, Pass};
use crate::classifier::Model;
use crate::protocol::{LoadFailure, LoadProblem};
use crate::session::host::Host;
use crate::session::tracks::ModelKey;

impl<H: Host> Pass<H> {
    /// The setting's model.
    pub(super) async fn model(&self) -> Result<Model, Interrupt> {
        let unknown = || gone("There is no such network in the list; choose another.".into());
        let network = self.networks.get(self.setting.network).ok_or_else(unknown)?;
        let weights = network.weights_for(&self.setting.config).unwrap_or(0);
        let key = ModelKey { network: self.setting.network, weights };
        if let Some(model) = self.networks.model(key) {
            return Ok(model);
        }
        // A network whose file was removed stays usable while it is on its device.
        if let Some((_, classifier)) = self.pass.ready.borrow().as_ref().filter(|(of, _)| *of == self.setting) {
            return Ok(self.host.model(classifier).clone());
        }
        self.unread_model(network, key).await
    }
}

/// A network that is not there, with a sentence.
pub(super) fn gone(reason: String) -> Interrupt {
    Interrupt::Failed(LoadFailure::new(LoadProblem::File, reason))
}
