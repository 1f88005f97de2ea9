//! The laboratory's measurement: begun, stopped and resumed here, and run by a step of the pass.

use crate::protocol::{Event, Laboratory};
use crate::session::host::Host;
use crate::session::state::Session;

impl<H: Host> Session<H> {
    /// Begins a measurement, or goes on with it: the runs that it has count.
    pub(in crate::session) fn measure(&self, laboratory: Laboratory) {
        self.laboratory.wanted.replace(Some(Laboratory { is_running: true, ..laboratory }));
        self.tell_laboratory();
        // What waits for the page to be seen must hear of it too.
        self.notify_changed();
        self.wake_pass();
    }

    /// Stops it, or ends it when it is done; the networks that were kept for it leave the device.
    pub(in crate::session) fn end_measuring(&self) {
        if let Some(laboratory) = self.laboratory.wanted.take() {
            self.emit(Event::Laboratory(Laboratory { is_running: false, is_hidden: false, ..laboratory }));
        }
        self.laboratory.kept.take();
        self.notify_changed();
    }

    /// The page is hidden or seen again.
    pub(in crate::session) fn page_hidden(&self, is_hidden: bool) {
        self.laboratory.is_hidden.set(is_hidden);
        if is_hidden {
            self.laboratory.was_hidden.set(true);
        }
        self.notify_changed();
    }

    /// Reports how far the measurement is.
    pub(in crate::session) fn tell_laboratory(&self) {
        let wanted = self.laboratory.wanted.borrow().clone();
        if let Some(laboratory) = wanted {
            self.laboratory.sent_at.set(self.host.now());
            self.emit(Event::Laboratory(laboratory));
        }
    }
}
