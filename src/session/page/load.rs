//! The end of a load that the visitor cancels, and another try.

use crate::protocol::Event;
use crate::session::host::Host;
use crate::session::state::Session;

impl<H: Host> Session<H> {
    /// Ends the load under way. What has been downloaded stays in the browser's cache.
    pub(in crate::session) fn cancel_load(&self) {
        self.load.slot.stop();
        self.emit(Event::Load(None));
        self.load_ended();
    }

    /// Repeats the last load.
    pub(in crate::session) fn retry_load(&self) {
        let last = self.load.last.borrow().clone();
        if let Some((origin, file)) = last {
            self.begin_load(origin, file);
        }
    }
}
