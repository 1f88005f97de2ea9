//! The step that puts the test pictures before the network.
//!
//! One at a time, with the network that answers: batches were measured on software adapters and are no faster, need memory
//! and pipelines of their own, and a visitor who stops would wait for the last of them.

use super::{Answered, Pass, Stop};
use crate::image::{ImageError, Preprocess, StripResizer};
use crate::protocol::{Event, Notice, Work};
use crate::session::host::{Host, TestSheet};
use crate::zoo::test_set::{self, CLASSES, SIDE};

/// Answers come in faster than anybody reads them: so often they are told, in milliseconds.
const TOLD_EVERY: f64 = 100.0;

impl<H: Host> Pass<H> {
    /// Runs the test pictures that have no answer yet, as long as that is asked for. Where something newer stops it, it goes
    /// on in a later pass.
    pub(super) async fn evaluate_test_pictures(&self, answered: &Answered<H>) -> Result<(), Stop> {
        if !self.evaluations.is_any_wanted() {
            return Ok(());
        }
        let labels = self.networks.get(self.setting.network).and_then(|network| network.labels);
        if self.evaluations.is_wanted(&self.setting) && labels.is_some_and(|labels| labels == CLASSES) {
            self.work(Work::FetchingTestPictures);
            match self.test_sheet().await {
                Ok(sheet) => self.run_test_pictures(answered, &sheet).await?,
                Err(reason) => self.notice(Notice::TestPictures { reason }),
            }
        }
        self.want_evaluation(None);
        Ok(())
    }

    async fn run_test_pictures(&self, answered: &Answered<H>, sheet: &TestSheet) -> Result<(), Stop> {
        let preprocess = self.host.model(&answered.network).preprocess();
        let mut evaluation = self.evaluations.of(&self.setting);
        let total = sheet.items.len();
        let (mut told, mut at) = (self.host.now(), evaluation.answers.len());
        self.work(Work::Evaluating { done: at, total });
        while let Some(&item) = sheet.items.get(at).filter(|_| self.evaluations.is_wanted(&self.setting)) {
            let start = self.host.now();
            let tensor = tensor(sheet, at, preprocess).map_err(|error| Stop::Failed(error.to_string()))?;
            let answer = self.host.classify(&answered.network, &tensor).await?;
            evaluation.answers.extend(answer.top_k.first().map(|best| (item, best.index)));
            evaluation.ms += self.host.now() - start;
            at += 1;
            self.evaluations.keep(&evaluation);
            if at == total || self.host.now() - told >= TOLD_EVERY {
                told = self.host.now();
                self.emit(Event::Evaluated(evaluation.clone()));
                self.work(Work::Evaluating { done: at, total });
            }
            self.host.turn().await;
        }
        self.emit(Event::Evaluated(evaluation));
        Ok(())
    }
}

fn tensor(sheet: &TestSheet, index: usize, preprocess: &Preprocess) -> Result<Vec<f32>, ImageError> {
    let pixels = test_set::cut(&sheet.rgba, index).unwrap_or_default();
    let mut resizer = StripResizer::new(SIDE, SIDE, preprocess)?;
    resizer.push_rows(&pixels)?;
    Ok(resizer.finish()?.tensor)
}
