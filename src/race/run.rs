//! The task that runs a race, and what becomes of a device that is lost.

use std::rc::Rc;

use futures_channel::mpsc::unbounded;

use super::course::{Course, Halt, Requests};
use super::facts::{example_pixels, facts};
use super::host::{Entry, Host};
use super::kept::{Kept, picture_bytes, read_pictures};
use super::state::Race;
use crate::protocol::{Backend, RaceData, RaceEvent, RaceSetup, RaceStage};
use crate::train::Pictures;

const NOTHING_KEPT: &str = "What was kept of this race is not there any more. Begin a new one.";
const NO_PICTURES: &str = "There are no pictures of your own yet. Choose or drop a folder with a folder per class.";
const LOST_AGAIN: &str = "The GPU was lost several times in a row.";
/// How many devices in a row may be lost before one of them does a step.
const IN_A_ROW: usize = 3;

/// How a race begins: anew, or with what was kept, on this backend.
type Start = Result<RaceSetup, Backend>;

/// Steps that are kept.
fn step(kept: Option<&Kept>) -> usize {
    kept.map_or(0, |kept| kept.race.step)
}

impl<H: Host> Race<H> {
    /// Begins a race, in place of the one under way.
    pub(super) fn begin(&self, start: Start) {
        let (sender, requests) = unbounded();
        self.requests.replace(Some(sender));
        self.emit(RaceEvent::Stage(RaceStage::Preparing));
        let race = self.clone();
        self.spawn_in(&self.slot, async move {
            if let Err(reason) = race.run(start, requests).await {
                race.requests.take();
                race.emit(RaceEvent::Stage(RaceStage::Failed(reason)));
            }
        });
    }

    /// Runs a race for as long as nothing newer comes.
    ///
    /// # Errors
    /// Why it cannot go on, as a sentence.
    async fn run(&self, start: Start, mut requests: Requests) -> Result<(), String> {
        let is_new = start.is_ok();
        let (mut setup, mut kept) = match start {
            Ok(setup) => (setup, None),
            Err(backend) => {
                let kept = self.read_kept().await.ok_or(NOTHING_KEPT)?;
                (RaceSetup { backend, ..kept.race.setup.clone() }, Some(kept))
            }
        };
        let pictures = self.pictures(&setup, is_new).await?;
        if is_new {
            self.host.forget().await;
            if setup.data == RaceData::Own {
                let parts = [&picture_bytes(&pictures), &pictures.train.pixels, &pictures.test.pixels];
                if let Err(reason) = self.host.keep(Entry::Pictures, &parts.map(Vec::as_slice)).await {
                    self.emit(RaceEvent::Trouble(reason));
                }
            }
        }
        let facts = facts(&setup, &pictures);
        self.host.emit_bytes(RaceEvent::Began(Box::new(facts.clone())), &example_pixels(&facts, &pictures));
        let mut losses = 0;
        loop {
            let mut course = Course::new(self, &setup, &facts, &pictures, losses > 0);
            match course.go(kept, &mut requests).await {
                Halt::Lost => {
                    losses = if course.is_of_use() { 1 } else { losses + 1 };
                    kept = self.read_kept().await;
                    self.emit(RaceEvent::Lost { step: step(kept.as_ref()) });
                    if losses == IN_A_ROW {
                        setup.backend = Backend::Cpu;
                        self.emit(RaceEvent::OnCpu(LOST_AGAIN.to_owned()));
                    }
                }
                Halt::Failed(reason) => return Err(reason),
                Halt::Replaced => return Ok(()),
            }
        }
    }

    /// What the networks learn from.
    ///
    /// # Errors
    /// Why it is not there, as a sentence.
    async fn pictures(&self, setup: &RaceSetup, is_new: bool) -> Result<Rc<Pictures>, String> {
        match setup.data {
            RaceData::Bundled => self.host.bundled().await.map(Rc::new),
            RaceData::Own if is_new => self.own.borrow().clone().ok_or_else(|| NO_PICTURES.to_owned()),
            RaceData::Own => {
                let bytes = self.host.kept(Entry::Pictures, u64::MAX).await;
                let pictures = bytes.and_then(|bytes| read_pictures(&bytes));
                pictures.map(Rc::new).ok_or_else(|| NOTHING_KEPT.to_owned())
            }
        }
    }

    async fn read_kept(&self) -> Option<Kept> {
        Kept::read(&self.host.kept(Entry::Race, u64::MAX).await?)
    }
}
