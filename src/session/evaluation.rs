//! The evaluation of accuracy: requested and stopped here, and run by a step of the pass.

use std::rc::Rc;

use super::host::{Host, TestSheet};
use super::state::Session;
use crate::protocol::{Evaluation, Event, Setting};

impl<H: Host> Session<H> {
    /// Measures the accuracy of the choice, from the first picture where it is measured already.
    pub(super) fn evaluate(&self) {
        let Some(setting) = self.setting() else { return };
        let known = self.evaluations.of(&setting);
        if known.answers.len() == crate::zoo::cifar10::TEST.pictures {
            let none = Evaluation { answers: Vec::new(), ms: 0.0, ..known };
            self.evaluations.keep(&none);
            self.emit(Event::Evaluated(none));
        }
        self.request_evaluation(Some(setting));
        self.wake_pass();
    }

    pub(super) fn stop_evaluating(&self) {
        self.request_evaluation(None);
    }

    pub(super) fn request_evaluation(&self, setting: Option<Setting>) {
        if self.evaluations.requested.replace(setting.clone()) != setting {
            self.emit(Event::Evaluating(setting));
        }
    }

    /// The test pictures, fetched the first time.
    ///
    /// # Errors
    /// Why they cannot be fetched, in words.
    pub(super) async fn test_sheet(&self) -> Result<Rc<TestSheet>, String> {
        if let Some(sheet) = self.evaluations.sheet.borrow().clone() {
            return Ok(sheet);
        }
        let sheet = Rc::new(self.host.test_sheet().await?);
        *self.evaluations.sheet.borrow_mut() = Some(sheet.clone());
        Ok(sheet)
    }
}
