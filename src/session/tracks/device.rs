//! The GPU: whether there is one, and its tuning.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::plan::Tuning;
use crate::protocol::{Choice, CoreCounts, GpuState, Setting};
use crate::session::latest::Latest;

/// How many devices are given up in a row before the CPU is used in their place.
const IN_A_ROW: u32 = 3;
/// How many are replaced at rest, where each of them works until it is lost again and nobody asks for anything.
const AT_REST: u32 = 100;
/// Milliseconds before a device is asked for whose predecessor was of no use: a driver that resets needs a moment.
const PAUSE_MS: u32 = 500;

/// The devices that were lost. One that is lost is replaced for as long as its successors are of use.
#[derive(Default)]
pub struct Losses {
    /// Since a device has done all that there was to do.
    in_a_row: Cell<u32>,
    /// Since the last new answer.
    at_rest: Cell<u32>,
}

impl Losses {
    /// Counts one. Milliseconds until the next device may be asked for; `None` where no other is worth it.
    pub fn count(&self) -> Option<u32> {
        self.in_a_row.set(self.in_a_row.get() + 1);
        self.at_rest.set(self.at_rest.get() + 1);
        let is_over = self.in_a_row.get() >= IN_A_ROW || self.at_rest.get() >= AT_REST;
        (!is_over).then(|| PAUSE_MS * (self.in_a_row.get() - 1))
    }

    /// Whether the device has replaced a lost one and has not shown yet that it is of use.
    pub fn is_on_trial(&self) -> bool {
        self.in_a_row.get() > 0
    }

    /// All that there was to do is done.
    pub fn recovered(&self) {
        self.in_a_row.set(0);
    }

    /// Something that was not known before was computed, or the visitor wants a device.
    pub fn forget(&self) {
        self.in_a_row.set(0);
        self.at_rest.set(0);
    }
}

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
    pub losses: Losses,
    /// The cores of the processor.
    pub cores: RefCell<CoreCounts>,
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
            losses: Losses::default(),
            cores: RefCell::default(),
        }
    }
}

impl<G> DeviceTrack<G> {
    /// What a classifier has to be built for now.
    pub fn setting(&self, choice: &Choice) -> Setting {
        choice.setting(&self.state.borrow(), &self.cores.borrow())
    }

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
