//! The tuning of the GPU: asked for and stored here, and run by a step of the pass.

use crate::gpu;
use crate::plan::Tuning;
use crate::protocol::{Adapter, Event, KernelTuning};
use crate::session::device::tuning_key;
use crate::session::host::Host;
use crate::session::state::Session;

impl<H: Host> Session<H> {
    /// Tunes again.
    pub(in crate::session) fn tune_again(&self) {
        self.device.tuned.take();
        self.begin_pass();
    }

    /// Stores a new tuning; says whether the network has to be built again for it.
    pub(in crate::session) fn tuned(&self, adapter: &Adapter, before: Tuning, tuned: &gpu::Tuned) -> bool {
        let key = tuning_key(adapter);
        let text = tuned.tuning.to_string();
        // The same adapter may be opened again on this visit.
        let mut start = self.start.borrow_mut();
        start.tunings.retain(|(of, _)| *of != key);
        start.tunings.push((key.clone(), text.clone()));
        drop(start);
        *self.device.tuned.borrow_mut() = Some(tuned.tuning);
        self.device.checked.take();
        let changed = tuned.tuning != before;
        // An incomplete tuning is not stored: the next visit measures the rest, with some pipelines from the browser's cache.
        let key = tuned.complete.then_some(key);
        self.emit(Event::Tuned(KernelTuning { tuning: text, ms: Some(tuned.ms), key, changed }));
        changed
    }
}
