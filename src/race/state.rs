//! The race: its commands, and what is under way.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use futures_channel::mpsc::UnboundedSender;

use super::host::{Entry, Host};
use super::kept::{HEAD, Kept};
use crate::protocol::{RaceCommand, RaceEvent};
use crate::session::Latest;
use crate::train::Pictures;

/// A race at equal cost: see the [module](super). It is a handle: clones refer to the same race.
pub struct Race<H: Host>(Rc<Tracks<H>>);

impl<H: Host> Clone for Race<H> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<H: Host> Deref for Race<H> {
    type Target = Tracks<H>;

    fn deref(&self) -> &Tracks<H> {
        &self.0
    }
}

/// What is under way.
pub struct Tracks<H: Host> {
    pub(super) host: H,
    /// The race.
    pub(super) slot: Latest,
    /// Its commands.
    pub(super) requests: RefCell<Option<UnboundedSender<RaceCommand>>>,
    /// The visitor's pictures are being read.
    pub(super) reading: Latest,
    /// The visitor's pictures.
    pub(super) own: RefCell<Option<Rc<Pictures>>>,
}

impl<H: Host> Race<H> {
    /// No race yet.
    pub fn new(host: H) -> Self {
        let (slot, reading) = (Latest::default(), Latest::default());
        Self(Rc::new(Tracks { host, slot, requests: RefCell::default(), reading, own: RefCell::default() }))
    }

    /// Takes a command of the page, with the file that is beside it.
    pub fn command(&self, command: RaceCommand, file: Option<H::File>) {
        match command {
            RaceCommand::Open => self.tell_kept(),
            RaceCommand::Bring(list) => {
                if let Some(file) = file {
                    self.bring(list, file);
                }
            }
            RaceCommand::Archive { name } => {
                if let Some(file) = file {
                    self.unpack(name, file);
                }
            }
            RaceCommand::Begin(setup) => self.begin(Ok(*setup)),
            RaceCommand::Resume(backend) => self.begin(Err(backend)),
            RaceCommand::Discard => {
                let race = self.clone();
                self.host.spawn(Box::pin(async move {
                    race.host.forget().await;
                    race.emit(RaceEvent::Kept(None));
                }));
            }
            request => self.send(request),
        }
    }

    /// Sends a command to the race under way.
    pub(super) fn send(&self, request: RaceCommand) {
        if let Some(requests) = &*self.requests.borrow() {
            // A race that has failed has no use for it.
            let _ = requests.unbounded_send(request);
        }
    }

    pub(super) fn emit(&self, event: RaceEvent) {
        self.host.emit(event);
    }

    /// Runs `work` in a slot, in place of what is under way there.
    pub(super) fn spawn_in(&self, slot: &Latest, work: impl Future<Output = ()> + 'static) {
        self.host.spawn(Box::pin(slot.replace_by(work)));
    }

    fn tell_kept(&self) {
        let race = self.clone();
        self.host.spawn(Box::pin(async move {
            let head = race.host.kept(Entry::Race, HEAD).await;
            race.emit(RaceEvent::Kept(head.and_then(|head| Kept::read_race(&head)).map(Box::new)));
        }));
    }
}
