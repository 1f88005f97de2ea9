//! The tuning of the GPU: asked for and stored here, and run by a step of the pass.

use crate::gpu;
use crate::kernels::table::VERSION;
use crate::plan::Tuning;
use crate::protocol::{Adapter, Event, KernelTuning};
use crate::session::host::Host;
use crate::session::state::Session;

/// The key under which a tuning is stored: one per adapter and version of the kernels.
fn tuning_key(adapter: &Adapter) -> String {
    format!("cardinal.tuning.{VERSION}.{}", adapter.name)
}

impl<H: Host> Session<H> {
    /// Takes the tuning that an earlier visit stored.
    pub(in crate::session) fn recall_tuning(&self, gpu: &H::Gpu, adapter: &Adapter) {
        let key = tuning_key(adapter);
        let stored = self.start.borrow().tunings.iter().find(|(of, _)| *of == key).map(|(_, text)| text.clone());
        let tuning = stored.and_then(|text| text.parse::<Tuning>().ok());
        if let Some(tuning) = tuning {
            self.host.set_tuning(gpu, tuning);
            let tuning = tuning.to_string();
            self.emit(Event::Tuned(KernelTuning { tuning, ms: None, key: None, changed: false }));
        }
        *self.device.tuned.borrow_mut() = tuning;
    }

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
