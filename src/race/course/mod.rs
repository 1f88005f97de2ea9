//! The course of a race until its device is lost: steps in turns, and the commands between two steps. Beside it where the networks are
//! brought to ([`bring`]), what is told of it ([`look`]) and what is kept and saved of it ([`keep`]).

mod bring;
mod halt;
mod keep;
mod keeping;
mod look;

use std::rc::Rc;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::RemoteHandle;
use futures_util::{FutureExt, StreamExt};

use super::facts::{epoch, test_every};
use super::host::Host;
use super::kept::Kept;
use super::pace::Pace;
use super::racer::Racer;
use super::state::Race;
use crate::Error;
use crate::protocol::{RaceCommand, RaceEvent, RaceFacts, RaceSetup, RaceStage, RaceTest};
use crate::train::Pictures;
pub(super) use halt::Halt;
use keeping::Keeping;

/// Milliseconds from one report to the next.
const REPORT_MS: f64 = 250.0;
/// Steps that are timed before it is said how long the race will take.
const TIMED: usize = 2;
/// Seconds that a race may take without being asked about.
const LONG_S: f64 = 600.0;

/// Commands as they come.
pub(super) type Requests = UnboundedReceiver<RaceCommand>;

/// Networks on their way to a device; dropping it stops them.
type Coming<H> = RemoteHandle<Result<Vec<<H as Host>::Racer>, Error>>;

/// A race until its device is lost.
pub(super) struct Course<'a, H: Host> {
    race: &'a Race<H>,
    setup: &'a RaceSetup,
    facts: &'a RaceFacts,
    pictures: &'a Rc<Pictures>,
    /// Whether the device before was lost.
    after_loss: bool,
    /// None until they are on the device.
    racers: Vec<H::Racer>,
    /// The same on the device in place of a lost one, until they are there. The CPU has them meanwhile.
    coming: Option<Coming<H>>,
    /// Whether the device has done a step.
    is_of_use: bool,
    losses: [Vec<f32>; 2],
    tests: Vec<RaceTest>,
    /// Steps and tests that the page knows, and when it was told.
    told: (usize, usize, f64),
    pace: Pace,
    /// Whether it was asked about the time that it takes, or need not be.
    is_agreed: bool,
    keeping: Keeping,
}

impl<'a, H: Host> Course<'a, H> {
    /// `after_loss`: the device before was lost, so that the first step is kept already.
    pub(super) fn new(
        race: &'a Race<H>,
        setup: &'a RaceSetup,
        facts: &'a RaceFacts,
        pictures: &'a Rc<Pictures>,
        after_loss: bool,
    ) -> Self {
        let now = race.host.now();
        Self {
            race,
            setup,
            facts,
            pictures,
            after_loss,
            racers: Vec::new(),
            coming: None,
            is_of_use: false,
            losses: Default::default(),
            tests: Vec::new(),
            told: (0, 0, now),
            pace: Pace::default(),
            is_agreed: false,
            keeping: Keeping::since(if after_loss { f64::NEG_INFINITY } else { now }),
        }
    }

    /// Steps that both networks have learned.
    pub(super) fn step(&self) -> usize {
        self.losses[1].len()
    }

    /// Whether the device has done a step.
    pub(super) fn is_of_use(&self) -> bool {
        self.is_of_use
    }

    /// Trains until it is lost, fails, or is replaced.
    pub(super) async fn go(&mut self, kept: Option<Kept>, requests: &mut Requests) -> Halt {
        match self.learn(kept, requests).await {
            Ok(()) => Halt::Replaced,
            Err(halt) => halt,
        }
    }

    async fn learn(&mut self, kept: Option<Kept>, requests: &mut Requests) -> Result<(), Halt> {
        self.bring(kept).await?;
        if self.step() == 0 {
            self.look().await?;
        } else {
            self.show().await?;
        }
        self.tell();
        let mut stage = if self.is_done() { RaceStage::Done } else { RaceStage::Running };
        self.race.emit(RaceEvent::Stage(stage.clone()));
        loop {
            let request = match stage {
                RaceStage::Running => requests.next().now_or_never(),
                _ => Some(requests.next().await),
            };
            let next = match request {
                Some(Some(request)) => match self.obey(request.clone(), &stage).await {
                    Err(Halt::Lost) => {
                        // It is done after the loss.
                        self.race.send(request);
                        return Err(Halt::Lost);
                    }
                    obeyed => obeyed?,
                },
                Some(None) => return Ok(()),
                None => self.step_both().await?,
            };
            if let Some(next) = next {
                stage = next;
                self.tell();
                self.race.emit(RaceEvent::Stage(stage.clone()));
            }
        }
    }

    fn is_done(&self) -> bool {
        self.step() >= self.facts.steps
    }

    /// One step of each, and what is due after it; the stage that follows, where it is another.
    async fn step_both(&mut self) -> Result<Option<RaceStage>, Halt> {
        for (network, racer) in self.racers.iter_mut().enumerate() {
            let learned = racer.step().await?;
            self.pace.step(network, learned.wall_ms);
            self.losses[network].push(learned.loss as f32);
            self.race.host.turn().await;
        }
        self.is_of_use |= self.coming.is_none();
        let (step, is_done) = (self.step(), self.is_done());
        let is_epoch = step.is_multiple_of(epoch(self.facts));
        if is_done || is_epoch || step.is_multiple_of(test_every(self.facts)) {
            self.look().await?;
        }
        let now = self.race.host.now();
        if is_done || self.keeping.is_due(now, is_epoch) {
            self.keep().await?;
        }
        if now - self.told.2 > REPORT_MS {
            self.tell();
        }
        if is_done {
            return Ok(Some(RaceStage::Done));
        }
        self.hand_over().await?;
        if self.is_agreed || self.pace.timed() < TIMED {
            return Ok(None);
        }
        self.is_agreed = true;
        let left_s = self.pace.at(step, self.facts).map_or(0.0, |pace| pace.left_s);
        Ok((left_s > LONG_S).then_some(RaceStage::Asking(left_s)))
    }

    /// Does what the page asks for; the stage that follows, where it is another.
    async fn obey(&mut self, request: RaceCommand, stage: &RaceStage) -> Result<Option<RaceStage>, Halt> {
        Ok(match (request, stage) {
            (RaceCommand::Pause, RaceStage::Running | RaceStage::Asking(_)) => {
                self.keep().await?;
                Some(RaceStage::Paused)
            }
            (RaceCommand::GoOn, RaceStage::Paused | RaceStage::Asking(_)) => Some(RaceStage::Running),
            (RaceCommand::Stop, RaceStage::Running | RaceStage::Paused | RaceStage::Asking(_)) => {
                if self.tests.last().is_none_or(|test| test.step != self.step()) {
                    self.look().await?;
                }
                self.race.host.forget().await;
                Some(RaceStage::Stopped)
            }
            (RaceCommand::Save { network, for_page }, _) => {
                self.save(network, for_page).await?;
                None
            }
            _ => None,
        })
    }
}
