//! The pass over the choice, and the networks it has on devices.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::protocol::Setting;
use crate::session::latest::Latest;

/// The pass track.
pub struct PassTrack<N> {
    pub slot: Latest,
    /// What the pass under way is for.
    pub setting: RefCell<Option<Setting>>,
    /// Whether the pass under way has taken its picture: a newer one then begins it again.
    pub has_picture: Cell<bool>,
    /// The network that ran last.
    pub ready: Ready<N>,
    /// A network that was loaded and waits to be chosen.
    pub loaded: Ready<N>,
}

/// A network on its device, and what it was built for.
pub(super) type Ready<N> = RefCell<Option<(Setting, Rc<N>)>>;

impl<N> Default for PassTrack<N> {
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

impl<N> PassTrack<N> {
    /// Lets go of the networks on a device.
    pub fn let_go(&self) {
        self.ready.take();
        self.loaded.take();
    }

    /// Keeps a network that was loaded until it is chosen.
    pub fn offer(&self, setting: Setting, network: Rc<N>) {
        *self.loaded.borrow_mut() = Some((setting, network));
    }
}
