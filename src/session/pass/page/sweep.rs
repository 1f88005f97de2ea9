//! The step that times what was not chosen, for the chart: every stop of the dial, on both backends, and what the page has asked
//! for. It is the last step, and any command stops it.

use super::{Answered, Interrupt, Pass};
use crate::classifier::Model;
use crate::model::ResNextConfig;
use crate::protocol::{Event, LoadFailure, Notice, Setting, Timed, Work};
use crate::session::host::Host;
use crate::session::state::Session;

/// Timed runs of each setting, after one that warms up.
const RUNS: usize = 5;
/// Milliseconds after which no further run of a setting is begun.
const LONG_MS: f64 = 2000.0;
/// The most bytes of a network whose other backend is timed unasked: it is loaded there a second time.
const SMALL_BYTES: u64 = 32 << 20;

impl<H: Host> Session<H> {
    /// Times these settings too, also those that could not be timed before.
    pub(in crate::session) fn time_too(&self, settings: Vec<Setting>) {
        self.results.refused.borrow_mut().retain(|refused| !settings.contains(refused));
        let mut wanted = self.results.wanted.borrow_mut();
        wanted.retain(|wanted| !settings.contains(wanted));
        wanted.extend(settings);
        drop(wanted);
        self.wake_pass();
    }
}

impl<H: Host> Pass<H> {
    /// Times each setting that is not known yet.
    pub(super) async fn sweep(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let stops = self.stops(answered);
        loop {
            // The page may ask for more meanwhile.
            let wanted = self.results.wanted.borrow().clone();
            let (done, left): (Vec<_>, Vec<_>) =
                wanted.iter().chain(&stops).partition(|setting| self.results.is_settled(setting));
            let Some(&next) = left.first() else { return self.make_way() };
            let work = Work::Sweeping { done: done.len(), total: done.len() + left.len() };
            match self.sweep_one(answered, next, &work).await {
                // The choice's own device works: that is what counts. Who has asked for it is told.
                Err(Interrupt::Failed(LoadFailure { reason, .. })) => {
                    if wanted.contains(next) {
                        self.emit(Event::Notice(Notice::NotTimed { title: next.config.title(), reason }));
                    }
                    self.results.refused.borrow_mut().push(next.clone());
                }
                outcome => outcome?,
            }
        }
    }

    /// The stops of the dial on the backend of the choice, then on the other; none where the choice asks for no measurements.
    fn stops(&self, answered: &Answered<H>) -> Vec<Setting> {
        if !self.choice.measure {
            return Vec::new();
        }
        let stop = |config: &ResNextConfig| Setting { config: config.clone(), ..self.setting.clone() };
        let mut stops: Vec<Setting> = self.choice.stops.iter().map(stop).collect();
        let has_gpu = self.device.gpu().is_some();
        if has_gpu && self.host.bytes(&answered.classifier) < SMALL_BYTES {
            let others: Vec<Setting> = stops.iter().map(Setting::on_other_backend).collect();
            stops.extend(others);
        }
        stops
    }

    /// Lets commands in before work that nobody waits for. A picture that is being prepared stops it too, and the test pictures
    /// come before it.
    pub(super) async fn next_unasked(&self, work: &Work) -> Result<(), Interrupt> {
        self.next(work.clone()).await?;
        if self.picture.is_busy() {
            self.work(Work::Ready);
            return Err(Interrupt::Wait);
        }
        if self.evaluations.is_any_requested() { Err(Interrupt::Restart) } else { Ok(()) }
    }

    /// Restarts the pass where a measurement was begun since: it comes before the sweep.
    fn make_way(&self) -> Result<(), Interrupt> {
        if self.laboratory.wanted.borrow().is_some() { Err(Interrupt::Restart) } else { Ok(()) }
    }

    async fn sweep_one(&self, answered: &Answered<H>, setting: &Setting, work: &Work) -> Result<(), Interrupt> {
        self.next_unasked(work).await?;
        self.make_way()?;
        let model = self.sweep_model(answered, setting);
        let device = self.device_for(setting.backend).await.map_err(Interrupt::Failed)?;
        let classifier = self.host.load(&device, &model, setting, true, &|_| {}).await?;
        let tensor = any_picture(&model);
        let start = self.host.now();
        let mut timed = Timed::new(setting.clone(), RUNS);
        while !timed.is_complete() {
            self.next_unasked(work).await?;
            self.make_way()?;
            let timing = self.host.classify(&classifier, &tensor).await?.timing;
            timed.push(timing.wall_ms, timing.gpu_ms);
            if self.host.now() - start > LONG_MS {
                timed.runs = timed.wall.len();
            }
        }
        self.results.keep(&timed);
        self.emit(Event::Timed(timed));
        Ok(())
    }

    /// The model of a setting, with random weights unless it is the one that answers: latency does not depend on their values.
    pub(super) fn sweep_model(&self, answered: &Answered<H>, setting: &Setting) -> Model {
        if setting.network == self.setting.network {
            self.host.model(&answered.classifier).at(setting.config.clone())
        } else {
            Model::untrained(setting.config.clone())
        }
    }
}

/// A picture to be timed with: its values do not matter.
pub(super) fn any_picture(model: &Model) -> Vec<f32> {
    vec![0.5; model.config().in_channels * model.input_size() * model.input_size()]
}
