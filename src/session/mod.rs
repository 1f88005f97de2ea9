//! What is wanted, what is there, and what to do next: commands go in, events come out. No document, no user interface; a
//! [`Host`] does what needs a browser or a device, so all of it runs natively with stand-ins.
//!
//! One rule holds on every track (the picture, the network on its way, the device, the pass over the choice): the newest
//! choice wins, what is under way for an older one stops where it waits, and the last good result stays. [`Latest`] is that rule.
//!
//! ```text
//! Choose ──▶ pass: model ▶ device ▶ classifier ▶ picture ▶ classify ▶ tune ▶ profile ▶ time ▶ compare ▶ evaluate
//! Picture ─▶ picture ───────────────────────────────┘
//! Load ────▶ load (becomes one of the networks) ─ ─ ┘ when the page chooses it
//! ```

mod device;
mod evaluation;
mod files;
mod host;
mod latest;
mod load;
mod networks;
mod pass;
mod picture;
mod results;

pub use host::{Decoded, Device, Download, Engines, Files, Host, TestSheet, Tuned};
pub use latest::Latest;

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use event_listener::Event as Notify;

use crate::protocol::{Backend, Choice, Command, Event, Notice, Setting, Start, Work};
use device::DeviceTrack;
use evaluation::Evaluations;
use load::LoadTrack;
use networks::Networks;
use pass::PassTrack;
use picture::PictureTrack;
use results::Results;

/// The state machine behind a page. Cloning it clones a handle.
pub struct Session<H: Host>(Rc<Tracks<H>>);

/// Everything a session knows.
pub struct Tracks<H: Host> {
    host: H,
    start: RefCell<Start>,
    choice: RefCell<Option<Choice>>,
    networks: Networks,
    device: DeviceTrack<H::Gpu>,
    picture: PictureTrack<H::File>,
    load: LoadTrack<H>,
    pass: PassTrack<H>,
    results: Results,
    evaluations: Evaluations,
    /// Told whenever something came that a pass may wait for: a device, a picture.
    changed: Notify,
    work: RefCell<Work>,
    /// A device was lost and replaced, and nothing has run since.
    replaced: Cell<bool>,
}

impl<H: Host> Clone for Session<H> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<H: Host> Deref for Session<H> {
    type Target = Tracks<H>;

    fn deref(&self) -> &Tracks<H> {
        &self.0
    }
}

impl<H: Host> Session<H> {
    /// A session that has been told nothing yet: [`Command::Start`] comes first.
    pub fn new(host: H) -> Self {
        Self(Rc::new(Tracks {
            host,
            start: RefCell::default(),
            choice: RefCell::default(),
            networks: Networks::default(),
            device: DeviceTrack::default(),
            picture: PictureTrack::default(),
            load: LoadTrack::default(),
            pass: PassTrack::default(),
            results: Results::default(),
            evaluations: Evaluations::default(),
            changed: Notify::new(),
            work: RefCell::new(Work::Starting),
            replaced: Cell::new(false),
        }))
    }

    /// Does what a command asks; `file` is what came beside it. Returns at once: what takes time tells of itself by events.
    pub fn command(&self, command: Command, file: Option<H::File>) {
        match command {
            Command::Start(start) => self.start(start),
            Command::Choose(choice) => self.choose(choice),
            Command::Picture(request) => self.take_picture(request, file),
            Command::Load(origin) => self.begin_load(origin, file),
            Command::CancelLoad => self.cancel_load(),
            Command::RetryLoad => self.retry_load(),
            Command::ListFiles => self.list_files(),
            Command::RemoveFile { network, url } => self.remove_file(network, url),
            Command::Evaluate(true) => self.evaluate(),
            Command::Evaluate(false) => self.stop_evaluating(),
            Command::Tune => self.tune_again(),
            Command::FindGpu => self.find_gpu(),
            Command::TryAgain => self.try_again(),
        }
    }

    fn start(&self, start: Start) {
        self.networks.begin(&start.brought);
        *self.start.borrow_mut() = start;
        self.find_gpu();
        self.list_files();
    }

    fn choose(&self, choice: Choice) {
        // The list is the page's too; a place that is not in it comes from nowhere.
        if self.networks.get(choice.network).is_none() {
            return;
        }
        *self.choice.borrow_mut() = Some(choice);
        self.begin_compiling();
        self.begin_pass();
    }

    /// Another attempt after a failure, with a new device where there is none.
    fn try_again(&self) {
        let on_cpu = self.setting().is_some_and(|setting| setting.backend == Backend::Cpu);
        if on_cpu || self.device.gpu().is_some() { self.begin_pass() } else { self.find_gpu() }
    }

    /// What the classifier has to be built for now.
    fn setting(&self) -> Option<Setting> {
        self.choice.borrow().as_ref().map(|choice| choice.setting(&self.device.state()))
    }

    fn emit(&self, event: Event) {
        self.host.emit(event);
    }

    fn notice(&self, notice: Notice) {
        self.emit(Event::Notice(notice));
    }

    /// Tells what is being done, unless that was told last.
    fn work(&self, work: Work) {
        if self.work.replace(work.clone()) != work {
            self.emit(Event::Work(work));
        }
    }

    /// Runs `work` in the slot, in place of what is under way there.
    fn begin(&self, slot: &Latest, work: impl Future<Output = ()> + 'static) {
        self.host.spawn(Box::pin(slot.replace_by(work)));
    }

    /// Waits until `ready` gives something; it is asked at once and after every change.
    async fn until<T>(&self, ready: impl Fn() -> Option<T>) -> T {
        loop {
            let change = self.changed.listen();
            if let Some(found) = ready() {
                return found;
            }
            change.await;
        }
    }

    fn tell_waiting(&self) {
        self.changed.notify(usize::MAX);
    }
}
