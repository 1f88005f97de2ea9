//! The laboratory: what is to be measured and how far that is, and the networks that are kept for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::protocol::{Laboratory, Setting};

/// The laboratory's track.
pub struct LaboratoryTrack<C> {
    /// The measurement; `None` where there is none to go on with.
    pub wanted: RefCell<Option<Laboratory>>,
    /// Networks on their devices, the one that ran last at the end, and the bytes of each.
    pub kept: RefCell<Vec<(Setting, Rc<C>, u64)>>,
    /// Whether the page is hidden.
    pub is_hidden: Cell<bool>,
    /// Whether the page was hidden since the last run began.
    pub was_hidden: Cell<bool>,
    /// When an event was sent last, in milliseconds.
    pub sent_at: Cell<f64>,
}

impl<C> Default for LaboratoryTrack<C> {
    fn default() -> Self {
        Self {
            wanted: RefCell::default(),
            kept: RefCell::default(),
            is_hidden: Cell::new(false),
            was_hidden: Cell::new(false),
            sent_at: Cell::new(0.0),
        }
    }
}

impl<C> LaboratoryTrack<C> {
    /// Drops the networks that are kept; says whether there was one.
    pub fn drop_kept(&self) -> bool {
        !self.kept.take().is_empty()
    }

    /// Drops the networks that are kept, and the GPU's runs, which were made with other kernels.
    pub fn forget_gpu_runs(&self) {
        self.kept.take();
        if let Some(wanted) = self.wanted.borrow_mut().as_mut() {
            wanted.forget_gpu_runs();
        }
    }

    /// The place and the setting whose turn it is.
    pub fn next(&self) -> Option<(usize, Setting)> {
        let wanted = self.wanted.borrow();
        let wanted = wanted.as_ref()?;
        let place = wanted.next()?;
        Some((place, wanted.stops[place].setting.clone()))
    }

    /// Changes the measurement, if there still is one with this setting at this place.
    pub fn change(&self, place: usize, setting: &Setting, change: impl FnOnce(&mut Laboratory)) {
        let mut wanted = self.wanted.borrow_mut();
        let wanted =
            wanted.as_mut().filter(|wanted| wanted.stops.get(place).is_some_and(|stop| stop.setting == *setting));
        if let Some(wanted) = wanted {
            change(wanted);
        }
    }
}
