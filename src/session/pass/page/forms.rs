//! The step that runs one block in its three forms: once each to compare the outputs, then in turn for the times.

use super::{Answered, Interrupt, Pass};
use crate::classifier::largest_difference;
use crate::model::BlockForm;
use crate::protocol::{Event, FormRuns, Forms, LoadFailure, LoadProblem, Work};
use crate::session::host::Host;

/// Timed runs of each form, after one that warms up.
const RUNS: usize = 10;
/// Milliseconds after which no further round is begun.
const LONG_MS: f64 = 4000.0;

impl<H: Host> Pass<H> {
    /// Compares and times the forms of a block, unless the last ones are of this picture, setting and block. Rounds of A, B and C
    /// take turns, so that a device that slows down slows all of them. The network may have no such block: the depth was changed, and
    /// what to look at follows.
    pub(super) async fn forms(&self, answered: &Answered<H>, block: &str) -> Result<(), Interrupt> {
        let what = (answered.picture, self.setting.clone(), block.to_owned());
        self.once(&self.results.forms, what, self.run_forms(answered, block)).await
    }

    async fn run_forms(&self, answered: &Answered<H>, block: &str) -> Result<(), Interrupt> {
        let Answered { device, classifier, tensor, picture, .. } = answered;
        let Some(ready) = self.host.forms(device, classifier, &self.setting, block, tensor).await? else {
            return Ok(());
        };
        let mut outputs = Vec::with_capacity(BlockForm::ALL.len());
        for form in BlockForm::ALL {
            self.next(Work::Looking).await?;
            // It warms up as well.
            outputs.push(self.host.run_form(&ready, form).await?.outputs.values(block).to_vec());
        }
        let difference = |(a, b): (usize, usize)| largest_difference(&outputs[a], &outputs[b]);
        let differences = [(0, 2), (1, 2), (0, 1)].map(difference);
        if !differences.iter().all(|difference| difference.is_finite()) {
            let reason = format!("The outputs of {block} in its three forms cannot be compared: some are not numbers.");
            return Err(Interrupt::Failed(LoadFailure::new(LoadProblem::File, reason)));
        }
        let cost = |form| {
            let (dispatches, parameters, macs) = self.host.form_cost(&ready, form);
            FormRuns { dispatches, parameters, macs, ..FormRuns::default() }
        };
        let mut forms = Forms {
            picture: *picture,
            setting: self.setting.clone(),
            block: block.to_owned(),
            runs: RUNS,
            forms: BlockForm::ALL.map(cost),
            differences,
        };
        self.emit(Event::Forms(forms.clone()));
        let start = self.host.now();
        while !forms.is_complete() {
            for (form, runs) in BlockForm::ALL.into_iter().zip(&mut forms.forms) {
                self.next(Work::Looking).await?;
                let run = self.host.run_form(&ready, form).await?;
                runs.wall.push(run.wall_ms);
                runs.gpu.extend(run.gpu_ms);
            }
            if self.host.now() - start > LONG_MS {
                forms.runs = forms.forms[0].wall.len();
            }
            self.emit(Event::Forms(forms.clone()));
        }
        Ok(())
    }
}
