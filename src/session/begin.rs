//! What every page begins with: the start, the choice, and another try.

use super::host::Host;
use super::state::Session;
use crate::protocol::{Backend, Choice, Start};
use crate::zoo::Network;

impl<H: Host> Session<H> {
    pub(super) fn start(&self, start: Start, networks: Vec<Network>) {
        *self.networks.list.borrow_mut() = networks;
        *self.start.borrow_mut() = start;
        #[cfg(feature = "page")]
        self.find_cores();
        self.find_gpu();
    }

    pub(super) fn page_drawn(&self) {
        self.is_drawn.set(true);
        self.begin_compiling();
    }

    pub(super) fn choose(&self, choice: Choice) {
        // The page has the same list: an index outside of it is a mistake, and no reason to stop what runs.
        if self.networks.get(choice.network).is_none() {
            return;
        }
        *self.choice.borrow_mut() = Some(choice);
        self.begin_pass();
    }

    /// Tries again after a failure, with a new device where there is none.
    pub(super) fn try_again(&self) {
        let on_cpu = self.setting().is_some_and(|setting| setting.backend == Backend::Cpu);
        if on_cpu || self.device.gpu().is_some() { self.begin_pass() } else { self.find_gpu() }
    }
}
