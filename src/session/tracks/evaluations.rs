//! Accuracy: the setting that is evaluated, and the answers so far.

use std::cell::RefCell;
use std::rc::Rc;

use crate::protocol::{Evaluation, Setting};
use crate::session::host::TestSheet;

/// What is known of accuracy.
#[derive(Default)]
pub struct Evaluations {
    /// One entry per setting.
    pub all: RefCell<Vec<Evaluation>>,
    /// The setting whose accuracy is to be measured.
    pub requested: RefCell<Option<Setting>>,
    /// The test pictures, once they have been fetched.
    pub sheet: RefCell<Option<Rc<TestSheet>>>,
}

impl Evaluations {
    /// Whether the accuracy of this setting is requested.
    pub fn is_requested(&self, setting: &Setting) -> bool {
        self.requested.borrow().as_ref() == Some(setting)
    }

    /// Whether any accuracy is requested.
    pub fn is_any_requested(&self) -> bool {
        self.requested.borrow().is_some()
    }

    /// The answers of a setting so far.
    pub fn of(&self, setting: &Setting) -> Evaluation {
        let known = self.all.borrow().iter().find(|known| known.setting == *setting).cloned();
        known.unwrap_or_else(|| Evaluation { setting: setting.clone(), answers: Vec::new(), ms: 0.0 })
    }

    /// Replaces the answers of a setting.
    pub fn keep(&self, evaluation: &Evaluation) {
        let mut all = self.all.borrow_mut();
        all.retain(|known| known.setting != evaluation.setting);
        all.push(evaluation.clone());
    }
}
