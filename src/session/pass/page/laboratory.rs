//! The step that measures in the laboratory: the stops in turn, one run each, so that a machine that grows warm or slow does so for
//! all of them alike.

use std::rc::Rc;

use super::sweep::any_picture;
use super::{Answered, EVENT_EVERY_MS, Interrupt, Pass};
use crate::protocol::{Agreement, DRIFT_MS, Laboratory, LoadFailure, Setting, Work};
use crate::session::host::Host;

/// The most bytes of networks that are kept on their devices between two runs. Beyond that those that ran longest ago are dropped,
/// and loaded again when it is their turn.
const MOST_BYTES: u64 = 1 << 30;

impl<H: Host> Pass<H> {
    /// Measures for as long as there is something to measure. Where something newer stops it, a later pass goes on.
    pub(super) async fn measure_stops(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        if self.laboratory.wanted.borrow().is_none() {
            return Ok(());
        }
        while let Some((place, setting)) = self.laboratory.next() {
            let (done, total) = self.laboratory.wanted.borrow().as_ref().map_or((0, 0), Laboratory::progress);
            self.next_unasked(&Work::Measuring { done, total }).await?;
            if self.laboratory.is_hidden.get() {
                self.wait_until_seen().await;
            }
            if self.laboratory.next().as_ref() != Some(&(place, setting.clone())) {
                // A command stopped it meanwhile, or began another.
                continue;
            }
            match self.measure_one(answered, place, &setting).await {
                // The others can be measured all the same.
                Err(Interrupt::Failed(LoadFailure { reason, .. })) => {
                    self.laboratory.change(place, &setting, |wanted| wanted.stops[place].refused = Some(reason));
                }
                outcome => outcome?,
            }
            if self.host.now() - self.laboratory.sent_at.get() >= EVENT_EVERY_MS {
                self.tell_laboratory();
            }
        }
        if self.laboratory.wanted.borrow().is_some() {
            self.laboratory.kept.take();
            let agreement = self.agreement(answered).await?;
            if let Some(wanted) = self.laboratory.wanted.borrow_mut().as_mut() {
                wanted.agreement = agreement;
            }
            self.end_measuring();
        }
        Ok(())
    }

    /// A page that is hidden is slowed down by its browser: nothing is measured until it is seen again.
    async fn wait_until_seen(&self) {
        let say = |is_hidden| {
            if let Some(wanted) = self.laboratory.wanted.borrow_mut().as_mut() {
                wanted.is_hidden = is_hidden;
            }
            self.tell_laboratory();
        };
        say(true);
        let goes_on = || !self.laboratory.is_hidden.get() || self.laboratory.wanted.borrow().is_none();
        self.until(|| goes_on().then_some(())).await;
        say(false);
    }

    async fn measure_one(&self, answered: &Answered<H>, place: usize, setting: &Setting) -> Result<(), Interrupt> {
        let classifier = self.kept(answered, setting).await?;
        let tensor = any_picture(self.host.model(&classifier));
        self.laboratory.was_hidden.set(self.laboratory.is_hidden.get());
        let before = self.turn_ms().await;
        let timing = self.host.classify(&classifier, &tensor).await?.timing;
        let after = self.turn_ms().await;
        let is_disturbed = self.laboratory.was_hidden.get() || before.max(after) > DRIFT_MS;
        self.laboratory.change(place, setting, |wanted| {
            wanted.take(place, timing.wall_ms, timing.gpu_ms, is_disturbed);
        });
        Ok(())
    }

    /// Milliseconds of an empty turn of the event loop, which lets commands in, too.
    async fn turn_ms(&self) -> f64 {
        let start = self.host.now();
        self.host.turn().await;
        self.host.now() - start
    }

    /// The setting's network on its device, warmed up, from those that are kept.
    async fn kept(&self, answered: &Answered<H>, setting: &Setting) -> Result<Rc<H::Classifier>, Interrupt> {
        let found = self.laboratory.kept.borrow().iter().position(|(of, ..)| of == setting);
        if let Some(found) = found {
            let mut kept = self.laboratory.kept.borrow_mut();
            let last = kept.remove(found);
            kept.push(last);
            return Ok(kept[kept.len() - 1].1.clone());
        }
        let model = self.sweep_model(answered, setting);
        let device = self.device_for(setting.backend).await.map_err(Interrupt::Failed)?;
        let mut loaded = self.host.load(&device, &model, setting, true, &|_| {}).await.map_err(Interrupt::from);
        if matches!(loaded, Err(Interrupt::Failed(_))) && !self.laboratory.kept.borrow().is_empty() {
            // Alone it may fit.
            self.laboratory.kept.take();
            self.say_in_turn();
            loaded = self.host.load(&device, &model, setting, true, &|_| {}).await.map_err(Interrupt::from);
        }
        let loaded = Rc::new(loaded?);
        let bytes = self.host.bytes(&loaded);
        let mut kept = self.laboratory.kept.borrow_mut();
        let all: u64 = kept.iter().map(|(.., bytes)| bytes).sum();
        let mut over = (all + bytes).saturating_sub(MOST_BYTES);
        while over > 0 && !kept.is_empty() {
            over = over.saturating_sub(kept.remove(0).2);
            self.say_in_turn();
        }
        kept.push((setting.clone(), loaded.clone(), bytes));
        Ok(loaded)
    }

    fn say_in_turn(&self) {
        if let Some(wanted) = self.laboratory.wanted.borrow_mut().as_mut() {
            wanted.in_turn = true;
        }
    }

    /// How far the two backends agree on the picture that is answered; `None` without a GPU, and where the network does not run on
    /// the other.
    async fn agreement(&self, answered: &Answered<H>) -> Result<Option<Agreement>, Interrupt> {
        if self.device.gpu().is_none() {
            return Ok(None);
        }
        self.next_unasked(&Work::Measuring { done: 1, total: 1 }).await?;
        let own = self.host.classify(&answered.classifier, &answered.tensor).await?.logits;
        let setting = self.setting.on_other_backend();
        let model = self.host.model(&answered.classifier).clone();
        let other = async {
            let device = self.device_for(setting.backend).await.map_err(Interrupt::Failed)?;
            let classifier = self.host.load(&device, &model, &setting, false, &|_| {}).await?;
            Ok(self.host.classify(&classifier, &answered.tensor).await?.logits)
        };
        match other.await {
            Ok(other) => Ok(Agreement::of(setting.config.title(), &own, &other)),
            Err(Interrupt::Failed(_)) => Ok(None),
            Err(interrupt) => Err(interrupt),
        }
    }
}
