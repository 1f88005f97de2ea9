//! The pass over the choice, and the classifiers on devices.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::protocol::{Backend, Setting};
use crate::session::latest::Latest;

/// The pass track.
pub struct PassTrack<C> {
    pub slot: Latest,
    /// The setting of the pass under way, once it has its device.
    pub setting: RefCell<Option<Setting>>,
    /// Whether the pass under way has taken its picture. A newer picture then restarts it.
    pub has_picture: Cell<bool>,
    /// The classifier that ran last.
    pub ready: Ready<C>,
    /// The classifier of a network that was loaded and has not been chosen yet.
    pub loaded: Ready<C>,
}

/// A classifier, and what it was built for.
pub(super) type Ready<C> = RefCell<Option<(Setting, Rc<C>)>>;

impl<C> Default for PassTrack<C> {
    fn default() -> Self {
        Self {
            slot: Latest::default(),
            setting: RefCell::default(),
            has_picture: Cell::new(false),
            ready: RefCell::default(),
            loaded: RefCell::default(),
        }
    }
}

impl<C> PassTrack<C> {
    /// Drops the classifiers.
    pub fn drop_classifiers(&self) {
        self.ready.take();
        self.loaded.take();
    }

    /// Drops the classifiers on the devices of a backend; says whether there was one.
    pub fn drop_backend(&self, backend: Backend) -> bool {
        let drop_from = |ready: &Ready<C>| ready.borrow_mut().take_if(|(of, _)| of.backend == backend).is_some();
        drop_from(&self.ready) | drop_from(&self.loaded)
    }

    /// Drops the classifiers of a network.
    pub fn drop_network(&self, index: usize) {
        for ready in [&self.ready, &self.loaded] {
            ready.borrow_mut().take_if(|(of, _)| of.network == index);
        }
    }

    /// Keeps the classifier of a network that was loaded, until that is chosen.
    pub fn offer(&self, setting: Setting, classifier: Rc<C>) {
        *self.loaded.borrow_mut() = Some((setting, classifier));
    }
}
