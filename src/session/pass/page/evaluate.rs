//! The step that measures accuracy: it classifies the test pictures.
//!
//! One picture at a time, with the classifier that answers: batches, measured on software adapters, are no faster, need memory
//! and pipelines of their own, and would keep a visitor who stops waiting for the whole batch.

use super::{Answered, EVENT_EVERY_MS, Interrupt, Pass};
use crate::Error;
use crate::image::{ImageError, Preprocess, StripResizer};
use crate::protocol::{Event, Notice, Work};
use crate::session::host::{Host, TestSheet};
use crate::zoo::cifar10::{CLASSES, SIDE, TEST};

impl<H: Host> Pass<H> {
    /// Classifies the test pictures that have no answer yet, for as long as that is requested. Where something newer stops it,
    /// a later pass goes on.
    pub(super) async fn evaluate_test_pictures(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        if !self.evaluations.is_any_requested() {
            return Ok(());
        }
        let labels = self.networks.get(self.setting.network).and_then(|network| network.labels);
        if self.evaluations.is_requested(&self.setting) && labels.is_some_and(|labels| labels == CLASSES) {
            self.work(Work::FetchingTestPictures);
            match self.test_sheet().await {
                Ok(sheet) => self.run_test_pictures(answered, &sheet).await?,
                Err(reason) => self.notice(Notice::TestPictures { reason }),
            }
        }
        self.request_evaluation(None);
        Ok(())
    }

    async fn run_test_pictures(&self, answered: &Answered<H>, sheet: &TestSheet) -> Result<(), Interrupt> {
        let preprocess = self.host.model(&answered.classifier).preprocess();
        let mut evaluation = self.evaluations.of(&self.setting);
        let total = sheet.items.len();
        let mut at = evaluation.answers.len();
        let (mut sent, mut sent_at) = (at, self.host.now());
        self.work(Work::Evaluating { done: at, total });
        while let Some(&item) = sheet.items.get(at).filter(|_| self.evaluations.is_requested(&self.setting)) {
            let start = self.host.now();
            let tensor = tensor(sheet, at, preprocess).map_err(Error::Image)?;
            let answer = self.host.classify(&answered.classifier, &tensor).await?;
            evaluation.answers.extend(answer.top_k.first().map(|best| (item, best.index)));
            evaluation.ms += self.host.now() - start;
            at += 1;
            self.evaluations.keep(&evaluation);
            if at == total || self.host.now() - sent_at >= EVENT_EVERY_MS {
                (sent, sent_at) = (at, self.host.now());
                self.emit(Event::Evaluated(evaluation.clone()));
                self.work(Work::Evaluating { done: at, total });
            }
            self.host.turn().await;
        }
        if sent < at {
            self.emit(Event::Evaluated(evaluation));
        }
        Ok(())
    }
}

fn tensor(sheet: &TestSheet, index: usize, preprocess: &Preprocess) -> Result<Vec<f32>, ImageError> {
    let pixels = TEST.cut(&sheet.rgba, index).unwrap_or_default();
    let mut resizer = StripResizer::new(SIDE, SIDE, preprocess)?;
    resizer.push_rows(&pixels)?;
    Ok(resizer.finish()?.tensor)
}
