//! Accuracy: whose is asked for, the answers so far, and the test pictures.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Host, Session, TestSheet};
use crate::protocol::{Evaluation, Event, Setting};

/// What is known of accuracy.
#[derive(Default)]
pub struct Evaluations {
    /// One entry per setting.
    pub all: RefCell<Vec<Evaluation>>,
    /// The setting whose accuracy is to be measured.
    wanted: RefCell<Option<Setting>>,
    sheet: RefCell<Option<Rc<TestSheet>>>,
}

impl Evaluations {
    /// Whether the accuracy of this setting is asked for.
    pub fn is_wanted(&self, setting: &Setting) -> bool {
        self.wanted.borrow().as_ref() == Some(setting)
    }

    /// Whether any is.
    pub fn is_any_wanted(&self) -> bool {
        self.wanted.borrow().is_some()
    }

    /// The answers of a setting so far.
    pub fn of(&self, setting: &Setting) -> Evaluation {
        let known = self.all.borrow().iter().find(|known| known.setting == *setting).cloned();
        known.unwrap_or_else(|| Evaluation { setting: setting.clone(), answers: Vec::new(), ms: 0.0 })
    }

    /// Keeps answers in place of the setting's former ones.
    pub fn keep(&self, evaluation: &Evaluation) {
        let mut all = self.all.borrow_mut();
        all.retain(|known| known.setting != evaluation.setting);
        all.push(evaluation.clone());
    }
}

impl<H: Host> Session<H> {
    /// Measures the accuracy of what is chosen; begins anew where that is done already.
    pub(super) fn evaluate(&self) {
        let Some(setting) = self.setting() else { return };
        let known = self.evaluations.of(&setting);
        if known.answers.len() == crate::zoo::test_set::PICTURES {
            let none = Evaluation { answers: Vec::new(), ms: 0.0, ..known };
            self.evaluations.keep(&none);
            self.emit(Event::Evaluated(none));
        }
        self.want_evaluation(Some(setting));
        self.wake_pass();
    }

    pub(super) fn stop_evaluating(&self) {
        self.want_evaluation(None);
    }

    pub(super) fn want_evaluation(&self, setting: Option<Setting>) {
        if self.evaluations.wanted.replace(setting.clone()) != setting {
            self.emit(Event::Evaluating(setting));
        }
    }

    /// The test pictures, fetched the first time.
    pub(super) async fn test_sheet(&self) -> Result<Rc<TestSheet>, String> {
        if let Some(sheet) = self.evaluations.sheet.borrow().clone() {
            return Ok(sheet);
        }
        let sheet = Rc::new(self.host.test_sheet().await?);
        *self.evaluations.sheet.borrow_mut() = Some(sheet.clone());
        Ok(sheet)
    }
}
