//! A session: everything that it knows, and what all of its tracks use.

use std::cell::{Cell, RefCell};
use std::mem::discriminant;
use std::ops::Deref;
use std::rc::Rc;

use event_listener::Event as Notify;

use super::host::Host;
use super::latest::Latest;
use super::tracks::{
    DeviceTrack, Evaluations, LaboratoryTrack, LiveTrack, LoadTrack, Networks, PassTrack, PictureTrack, Results,
    TeachTrack,
};
use crate::protocol::{Choice, Event, Looks, Notice, Setting, Start, Work};
use crate::weights::Pending;

/// Milliseconds between two events about the progress of the same work.
const EVENT_EVERY_MS: f64 = 50.0;

/// The state machine behind a page. Cloning it clones a handle.
pub struct Session<H: Host>(Rc<Tracks<H>>);

/// Everything a session knows.
pub struct Tracks<H: Host> {
    pub host: H,
    pub start: RefCell<Start>,
    pub choice: RefCell<Option<Choice>>,
    pub networks: Networks,
    pub device: DeviceTrack<H::Gpu>,
    pub picture: PictureTrack<H::File>,
    pub live: LiveTrack,
    /// The question that is being answered.
    #[cfg(feature = "package")]
    pub question: Latest,
    pub load: LoadTrack<H::File>,
    pub pass: PassTrack<H::Classifier>,
    pub results: Results,
    pub evaluations: Evaluations,
    /// What the page shows beyond the answer.
    pub looks: RefCell<Looks>,
    pub laboratory: LaboratoryTrack<H::Classifier>,
    pub teach: TeachTrack<H::File>,
    /// The network that is being saved.
    pub saving: Latest,
    /// Notified when something has changed that a pass or a load may wait for: the device, the picture.
    pub changed: Notify,
    /// The last work that was reported, and when, in milliseconds.
    pub work: RefCell<(Work, f64)>,
    /// Whether the page has been drawn.
    pub is_drawn: Cell<bool>,
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
    /// A session without state. Its first command is [`Command::Start`](crate::protocol::Command::Start).
    pub fn new(host: H) -> Self {
        Self(Rc::new(Tracks {
            host,
            start: RefCell::default(),
            choice: RefCell::default(),
            networks: Networks::default(),
            device: DeviceTrack::default(),
            picture: PictureTrack::default(),
            live: LiveTrack::default(),
            #[cfg(feature = "package")]
            question: Latest::default(),
            load: LoadTrack::default(),
            pass: PassTrack::default(),
            results: Results::default(),
            evaluations: Evaluations::default(),
            looks: RefCell::default(),
            laboratory: LaboratoryTrack::default(),
            teach: TeachTrack::default(),
            saving: Latest::default(),
            changed: Notify::new(),
            work: RefCell::new((Work::Starting, 0.0)),
            is_drawn: Cell::new(false),
        }))
    }

    /// What the classifier has to be built for now.
    pub(super) fn setting(&self) -> Option<Setting> {
        self.choice.borrow().as_ref().map(|choice| self.device.setting(choice))
    }

    pub(super) fn emit(&self, event: Event) {
        self.host.emit(event);
    }

    pub(super) fn notice(&self, notice: Notice) {
        self.emit(Event::Notice(notice));
    }

    /// Reports what is being done, unless that was reported last; its progress, not more often than anybody can read.
    pub(super) fn work(&self, work: Work) {
        let now = self.host.now();
        let mut reported = self.work.borrow_mut();
        let (last, at) = &*reported;
        let is_same_kind = discriminant(last) == discriminant(&work) && last.step() == work.step();
        if *last == work || is_same_kind && work.share().is_some() && now - at < EVENT_EVERY_MS {
            return;
        }
        *reported = (work.clone(), now);
        drop(reported);
        self.emit(Event::Work(work));
    }

    /// Runs `work` in the slot, in place of the work under way there.
    pub(super) fn begin(&self, slot: &Latest, work: impl Future<Output = ()> + 'static) {
        // Boxed first, so that what drops it is compiled once and not for each kind of work.
        let work: Pending<'static, ()> = Box::pin(work);
        self.host.spawn(Box::pin(slot.replace_by(work)));
    }

    /// Waits until `ready` gives something; it is called at once and after every change.
    pub(super) async fn until<T>(&self, ready: impl Fn() -> Option<T>) -> T {
        loop {
            let change = self.changed.listen();
            if let Some(found) = ready() {
                return found;
            }
            change.await;
        }
    }

    pub(super) fn notify_changed(&self) {
        self.changed.notify(usize::MAX);
    }

    /// Calls `what` when the work under way has returned control.
    pub(super) fn later(&self, what: fn(&Self)) {
        let session = self.clone();
        self.host.spawn(Box::pin(async move { what(&session) }));
    }
}
