//! The cores of the processor: how many there are, and what becomes of a network that they cannot share.

use super::host::Host;
use super::state::Session;
use crate::protocol::{CoreCounts, Event, Notice};

impl<H: Host> Session<H> {
    /// Asks how many there are.
    pub(super) fn find_cores(&self) {
        self.set_cores(CoreCounts { most: self.host.cores(), measured: Vec::new() });
    }

    /// They cannot share networks: from now on these run in the session's own thread, and more slowly.
    pub(super) fn cores_failed(&self, why: String) {
        self.notice(Notice::CoresFailed(why));
        self.set_cores(CoreCounts::default());
    }

    pub(super) fn set_cores(&self, cores: CoreCounts) {
        *self.device.cores.borrow_mut() = cores.clone();
        self.emit(Event::Cores(cores));
    }
}
