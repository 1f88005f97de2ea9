//! The GPU: whether there is one, and the kernels that were chosen for it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::plan::Tuning;
use crate::protocol::GpuState;
use crate::session::latest::Latest;

/// The device track.
pub struct DeviceTrack<G> {
    pub slot: Latest,
    pub state: RefCell<GpuState>,
    pub gpu: RefCell<Option<Rc<G>>>,
    /// The kernels that were chosen for it; `None` until they were.
    pub tuned: RefCell<Option<Tuning>>,
}

impl<G> Default for DeviceTrack<G> {
    fn default() -> Self {
        Self {
            slot: Latest::default(),
            state: RefCell::new(GpuState::Asking),
            gpu: RefCell::default(),
            tuned: RefCell::default(),
        }
    }
}

impl<G> DeviceTrack<G> {
    /// Whether there is a GPU.
    pub fn state(&self) -> GpuState {
        self.state.borrow().clone()
    }

    /// The open GPU.
    pub fn gpu(&self) -> Option<Rc<G>> {
        self.gpu.borrow().clone()
    }

    /// Whether its kernels were chosen.
    pub fn is_tuned(&self) -> bool {
        self.tuned.borrow().is_some()
    }
}
