//! The GPU: whether there is one, and its tuning.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::plan::Tuning;
use crate::protocol::{GpuState, Setting};
use crate::session::latest::Latest;

/// The device track.
pub struct DeviceTrack<G> {
    pub slot: Latest,
    pub state: RefCell<GpuState>,
    pub gpu: RefCell<Option<Rc<G>>>,
    /// Its tuning; `None` until it has been tuned.
    pub tuned: RefCell<Option<Tuning>>,
    /// The settings whose kernels were found to be right, with its present tuning.
    pub checked: RefCell<Vec<Setting>>,
    /// Whether a check was asked for.
    pub check_wanted: Cell<bool>,
}

impl<G> Default for DeviceTrack<G> {
    fn default() -> Self {
        Self {
            slot: Latest::default(),
            state: RefCell::new(GpuState::Asking),
            gpu: RefCell::default(),
            tuned: RefCell::default(),
            checked: RefCell::default(),
            check_wanted: Cell::default(),
        }
    }
}

impl<G> DeviceTrack<G> {
    /// Whether there is a GPU, and which.
    pub fn state(&self) -> GpuState {
        self.state.borrow().clone()
    }

    /// The open GPU.
    pub fn gpu(&self) -> Option<Rc<G>> {
        self.gpu.borrow().clone()
    }

    /// Whether it has been tuned.
    pub fn is_tuned(&self) -> bool {
        self.tuned.borrow().is_some()
    }
}
