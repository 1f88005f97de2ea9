//! The test pictures, and the evaluation of accuracy on them: requested and stopped here, and run by a step of the pass.

use std::rc::Rc;

use crate::protocol::{Evaluation, Event, Notice, Setting};
use crate::session::host::{Host, TestSheet};
use crate::session::state::Session;
use crate::zoo::cifar10::{self, TEST};

impl<H: Host> Session<H> {
    /// Measures the accuracy of the choice, from the first picture where it is measured already.
    pub(in crate::session) fn evaluate(&self) {
        let Some(setting) = self.setting() else { return };
        let known = self.evaluations.of(&setting);
        if known.answers.len() == TEST.pictures {
            self.forget_evaluation(&setting);
        }
        self.request_evaluation(Some(setting));
        self.wake_pass();
    }

    /// Forgets the answers of a setting, and tells it.
    pub(in crate::session) fn forget_evaluation(&self, setting: &Setting) {
        let none = Evaluation { answers: Vec::new(), ms: 0.0, ..self.evaluations.of(setting) };
        self.evaluations.keep(&none);
        self.emit(Event::Evaluated(none));
    }

    pub(in crate::session) fn stop_evaluating(&self) {
        self.request_evaluation(None);
    }

    pub(in crate::session) fn request_evaluation(&self, setting: Option<Setting>) {
        if self.evaluations.requested.replace(setting.clone()) != setting {
            self.emit(Event::Evaluating(setting));
        }
    }

    /// The file of a test picture.
    ///
    /// # Errors
    /// Why it cannot be had; `title` is what the page calls it.
    pub(in crate::session) async fn test_picture(&self, index: usize, title: String) -> Result<H::File, Notice> {
        let sheet = self.test_sheet().await.map_err(|reason| Notice::TestPictures { reason })?;
        let pixels = TEST.cut(&sheet.rgba, index).unwrap_or_default();
        self.host.file(&cifar10::bmp(&pixels)).map_err(|reason| Notice::Picture { title, reason })
    }

    /// The test pictures, fetched the first time.
    ///
    /// # Errors
    /// Why they cannot be fetched, in words.
    pub(in crate::session) async fn test_sheet(&self) -> Result<Rc<TestSheet>, String> {
        if let Some(sheet) = self.evaluations.sheet.borrow().clone() {
            return Ok(sheet);
        }
        let sheet = Rc::new(self.host.test_sheet().await?);
        *self.evaluations.sheet.borrow_mut() = Some(sheet.clone());
        Ok(sheet)
    }
}
