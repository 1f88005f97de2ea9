//! The end of a pass where no picture is shown: the network is on its device, and questions are asked of it.

use std::rc::Rc;

use super::model::gone;
use super::{Interrupt, Pass};
use crate::classifier::{DeviceOf, Model};
use crate::protocol::Work;
use crate::session::host::Host;
use crate::session::tracks::ModelKey;
use crate::zoo::Network;

impl<H: Host> Pass<H> {
    /// There is none: every network is loaded before it is used.
    pub(super) async fn unread_model(&self, network: Network, _: ModelKey) -> Result<Model, Interrupt> {
        Err(gone(format!("{} is not in memory any more. Load it again.", network.title)))
    }

    pub(super) async fn answer(
        &self,
        device: DeviceOf<H::Gpu>,
        classifier: Rc<H::Classifier>,
    ) -> Result<(), Interrupt> {
        if self.teach(&self.setting, &classifier, false).await? {
            // The page chooses the network that has learned.
            return Err(Interrupt::Wait);
        }
        self.self_check(&device, &classifier).await?;
        self.work(Work::Ready);
        // Only an answer shows that the device is of use.
        Err(Interrupt::Wait)
    }
}
