//! The results so far, as far as they decide what is still to be done.

use std::cell::{Cell, RefCell};

use crate::protocol::{Backend, GroupLook, Occlusion, Setting, Timed};

/// What is known, so that nothing is measured twice.
#[derive(Default)]
pub struct Results {
    /// Picture and setting of the last answer.
    pub answer: RefCell<Option<(u64, Setting)>>,
    /// The classes of the last answer, the most likely first.
    pub top: RefCell<Vec<usize>>,
    /// The run that gave the last answer: `Classification::run`.
    pub run: Cell<u64>,
    /// Picture and setting of the last class activation maps.
    pub class_activation: RefCell<Option<(u64, Setting)>>,
    /// Picture and setting of the last group that was read, and which it was.
    pub group: RefCell<Option<(u64, Setting, GroupLook)>>,
    /// The last occlusion map, as far as it has come.
    pub occlusion: RefCell<Option<Occlusion>>,
    /// Picture and setting of the last block that was compared in its three forms, and which it was.
    pub forms: RefCell<Option<(u64, Setting, String)>>,
    /// The setting of the last profile.
    pub profile: RefCell<Option<Setting>>,
    /// Timed runs, one entry per setting.
    pub timed: RefCell<Vec<Timed>>,
    /// Settings that are not chosen and are to be timed too.
    pub wanted: RefCell<Vec<Setting>>,
    /// Settings that could not be timed, so that they are not tried again.
    pub refused: RefCell<Vec<Setting>>,
}

impl Results {
    /// Drops the GPU's times: they were measured with other kernels.
    pub fn forget_gpu_times(&self) {
        self.timed.borrow_mut().retain(|timed| timed.setting.backend != Backend::WebGpu);
        self.profile.take();
        self.forms.take();
    }

    /// Drops all that the GPU has said: its kernels were wrong.
    pub fn forget_gpu(&self) {
        self.forget_gpu_times();
        let is_of = |setting: &Setting| setting.backend == Backend::WebGpu;
        self.forget(is_of);
        self.group.borrow_mut().take_if(|(_, setting, _)| is_of(setting));
    }

    /// Drops what a network, by its index in the list, has said of pictures: it has another head.
    pub fn forget_network(&self, index: usize) {
        self.forget(|setting| setting.network == index);
    }

    /// Drops the answer and the maps of such settings.
    fn forget(&self, is_of: impl Fn(&Setting) -> bool) {
        self.answer.borrow_mut().take_if(|(_, setting)| is_of(setting));
        self.class_activation.borrow_mut().take_if(|(_, setting)| is_of(setting));
        self.occlusion.borrow_mut().take_if(|map| is_of(&map.setting));
    }

    /// Whether a setting has been timed, or cannot be.
    pub fn is_settled(&self, setting: &Setting) -> bool {
        self.timed(setting).is_some_and(|timed| timed.is_complete()) || self.refused.borrow().contains(setting)
    }

    /// The timed runs of a setting.
    pub fn timed(&self, setting: &Setting) -> Option<Timed> {
        self.timed.borrow().iter().find(|timed| timed.setting == *setting).cloned()
    }

    /// Replaces the timed runs of a setting.
    pub fn keep(&self, timed: &Timed) {
        let mut all = self.timed.borrow_mut();
        all.retain(|known| known.setting != timed.setting);
        all.push(timed.clone());
    }
}
