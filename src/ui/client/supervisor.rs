//! Starts the worker, listens to it, and replaces it when it dies. The new worker is sent all that it has to know, so that the
//! visitor loses nothing but time.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;
use web_sys::{Blob, ImageBitmap, Worker};

use super::connection::{ANSWERS, Connection, has_webgpu, start, started};
use super::marks::Marks;
use super::requests::Requests;
use super::state::State;
use super::tunings::tunings;
use crate::platform::Message;
use crate::protocol::{
    Choice, Command, Event, Load, LoadFailure, LoadProblem, LoadStatus, Looks, Notice, Origin, Start, Teaching, Work,
};
use crate::view::wish::Wish;
use crate::view::words;
use crate::zoo::offers;

/// It is a handle: copies refer to the same worker.
#[derive(Clone, Copy)]
pub(crate) struct Supervisor {
    state: State,
    inner: StoredValue<Inner, LocalStorage>,
}

#[derive(Default)]
struct Inner {
    /// `None` while there is no worker.
    connection: RefCell<Option<Connection<Command>>>,
    requests: RefCell<Requests>,
    last_picture: Cell<u64>,
    /// The last choice that the worker was sent.
    sent_choice: RefCell<Option<Choice>>,
    /// What the worker was last told to show beyond the answer.
    sent_looks: RefCell<Looks>,
    /// The index of the chosen network while a new worker loads it again. The choice is sent after that.
    reloading: Cell<Option<usize>>,
    /// Whether a load was lost with its worker.
    lost_load: Cell<bool>,
    /// Whether a worker has died and no worker has answered since.
    has_died: Cell<bool>,
    /// The notice that the last worker was replaced.
    replaced_notice: RefCell<Option<String>>,
    marks: RefCell<Marks>,
}

impl Supervisor {
    pub(crate) fn new(state: State) -> Self {
        Self { state, inner: StoredValue::new_local(Inner::default()) }
    }

    /// Connects to the worker that the page has started, and sends it the choice from now on.
    pub(crate) fn start(self) {
        match started() {
            Ok(worker) => self.connect(worker),
            Err(reason) => self.fail(words::worker_missing(&reason)),
        }
        // Now, not when the page has been drawn: the worker need not wait for that.
        self.choose(self.state.choice.sent.get_untracked());
        Effect::new(move |_| self.choose(self.state.choice.sent.get()));
        Effect::new(move |_| self.look(self.state.looks.wanted.get()));
    }

    /// A number that is larger than that of every picture before.
    pub(crate) fn next_picture(self) -> u64 {
        self.with(|inner| {
            inner.last_picture.update(|id| id + 1);
            inner.last_picture.get()
        })
    }

    pub(crate) fn send(self, command: Command) {
        self.send_with(command, None);
    }

    /// Sends a command with its file. Where there is no worker, the next one is sent what still matters then.
    pub(crate) fn send_with(self, command: Command, file: Option<Blob>) {
        if matches!(command, Command::Load(_)) {
            // The message that the load before failed is out of date, even before the worker begins this one.
            self.state.loading.load.set(None);
        }
        self.with(|inner| {
            inner.requests.borrow_mut().sent(&command, file.as_ref());
            if let Some(connection) = &*inner.connection.borrow() {
                if matches!(command, Command::Load(_)) {
                    inner.lost_load.set(false);
                }
                connection.send(&Message { file, ..command.into() });
            }
        });
    }

    /// Sends a frame, which a worker that comes later does not need.
    pub(crate) fn send_frame(self, command: Command, frame: ImageBitmap) {
        self.with(|inner| match &*inner.connection.borrow() {
            Some(connection) => connection.send(&Message { frame: Some(frame), ..command.into() }),
            None => frame.close(),
        });
    }

    /// Ends the frames. What is to be shown in their place has been sent.
    pub(crate) fn end_live(self) {
        let was_on = self.state.live.is_on();
        self.state.live.end();
        if was_on {
            self.state.results.preparing.set(false);
            self.send(Command::Live(false));
        }
    }

    /// Loads a network of the list, from its file where that is on disk.
    pub(crate) fn load_listed(self, place: usize) {
        let file = self.with(|inner| inner.requests.borrow().network_file(place));
        self.send_with(Command::Load(Origin::Listed(place)), file);
    }

    /// Repeats the load that failed.
    pub(crate) fn retry_load(self) {
        let lost = self.with(|inner| inner.requests.borrow().load().filter(|_| inner.lost_load.get()));
        match lost {
            // The worker that runs now was never asked for it.
            Some((origin, file)) => self.send_with(Command::Load(origin), file),
            None => self.send(Command::RetryLoad),
        }
    }

    /// Tries again after a failure, with a new worker where there is none.
    pub(crate) fn try_again(self) {
        if self.with(|inner| inner.connection.borrow().is_some()) {
            self.send(Command::TryAgain);
        } else if let Err(reason) = self.replace() {
            self.fail(words::worker_missing(&reason));
        }
    }

    /// The visitor's file of the picture that is shown.
    pub(crate) fn shown_file(self) -> Option<Blob> {
        self.with(|inner| inner.requests.borrow().shown_file())
    }

    /// Gives a worker in the place of one that died what the visitor teaches. It learns that on the network that it was learned on.
    fn teach_again(self) {
        let teach = self.state.teach;
        for picture in teach.classes.get_untracked().into_iter().flat_map(|class| class.pictures) {
            self.send_with(Command::TeachPicture(picture.id), Some(picture.file));
        }
        self.state.learn(|lesson| self.send(Command::Teach(lesson)));
    }

    fn with<T>(self, read: impl FnOnce(&Inner) -> T) -> T {
        self.inner.with_value(read)
    }

    /// Sends the choice, unless the worker has it or has to load the network first.
    fn choose(self, choice: Choice) {
        let is_news = self.with(|inner| {
            let waits = inner.reloading.get() == Some(choice.network);
            if waits || inner.connection.borrow().is_none() {
                return false;
            }
            inner.reloading.set(None);
            inner.sent_choice.replace(Some(choice.clone())).as_ref() != Some(&choice)
        });
        if is_news {
            self.send(Command::Choose(choice));
        }
    }

    /// Sends what is to be shown beyond the answer, unless the worker has it: a new one begins with nothing.
    fn look(self, looks: Looks) {
        let is_news =
            self.with(|inner| inner.connection.borrow().is_some() && inner.sent_looks.replace(looks.clone()) != looks);
        if is_news {
            self.send(Command::Look(looks));
        }
    }

    fn receive(self, message: Message<Event>) {
        self.with(|inner| {
            inner.marks.borrow_mut().note(&message.what);
            inner.requests.borrow_mut().received(&message.what);
            match &message.what {
                Event::Answer(_) | Event::Frame(_) => inner.has_died.set(false),
                // The choice is to be sent again even where it is the same: its network has changed.
                Event::Loaded { .. } => drop(inner.sent_choice.take()),
                _ => {}
            }
        });
        let ends_live = match &message.what {
            Event::Picture(picture) => self.state.live.is_replaced_by(picture.request.id),
            Event::Notice(Notice::Picture { .. }) => self.state.live.has_ended(),
            _ => false,
        };
        let ends_load = match &message.what {
            Event::Loaded { .. } => true,
            Event::Load(load) => !load.as_ref().is_some_and(Load::is_coming),
            _ => false,
        };
        let is_refused = matches!(message.what, Event::Teaching(Teaching::Refused { .. }));
        self.state.apply(message);
        if is_refused {
            self.state.learn(|lesson| self.send(Command::Teach(lesson)));
        }
        if ends_live {
            self.end_live();
        }
        if ends_load {
            self.with(|inner| inner.reloading.set(None));
            self.choose(self.state.choice.sent.get_untracked());
        }
    }

    fn connect(self, worker: Worker) {
        let connection =
            Connection::new(worker, move |message| self.receive(message), move |reason| self.died(&reason));
        self.with(|inner| inner.connection.replace(Some(connection)));
        let State { choice, .. } = self.state;
        let brought = choice.networks.with_untracked(|networks| {
            networks.iter().skip(offers().len()).map(|listed| listed.network().clone()).collect()
        });
        let hub = choice.hub.get_untracked();
        self.send(Command::Start(Start {
            tunings: tunings(),
            hub,
            labels: String::new(),
            page_has_webgpu: has_webgpu(),
            brought,
        }));
        // A worker takes the page for seen until it hears otherwise.
        if document().hidden() {
            self.send(Command::Hidden(true));
        }
    }

    fn died(self, reason: &str) {
        let is_second = self.with(|inner| {
            inner.connection.take();
            inner.has_died.replace(true)
        });
        if is_second {
            // That it was started again is not true any more.
            if let Some(notice) = self.with(|inner| inner.replaced_notice.take()) {
                self.state.notices.withdraw(&notice);
            }
            return self.fail(words::worker_stopped(reason));
        }
        match self.replace() {
            Ok(()) => {
                let notice = words::worker_replaced(reason);
                self.with(|inner| inner.replaced_notice.replace(Some(notice.clone())));
                self.state.notices.note(notice);
            }
            Err(error) => self.fail(words::worker_missing(&error)),
        }
    }

    /// Starts another worker and asks it for all that is chosen.
    fn replace(self) -> Result<(), String> {
        let worker = start(ANSWERS)?;
        self.forget();
        self.connect(worker);
        self.send(Command::Drawn);
        if self.state.live.is_on() {
            self.send(Command::Live(true));
            self.state.live.give_up();
        }
        self.look(self.state.looks.wanted.get_untracked());
        let picture = self.with(|inner| inner.requests.borrow().picture());
        if let Some((request, file)) = picture {
            self.send_with(Command::Picture(request), file);
        }
        let State { choice, loading, teach, .. } = self.state;
        let outcome = teach.outcome.get_untracked().map(|outcome| outcome.learned);
        if let Some(learned) = outcome.filter(|learned| learned.network == choice.network.get_untracked()) {
            // Learned again, it is chosen again.
            choice.turn_to(learned.base);
        }
        self.teach_again();
        let network = choice.network.get_untracked();
        if loading.is_unloaded(network) {
            // When it is loaded, the page chooses it like any other, and then the depth and cardinality that were chosen.
            choice.wish.set(Some(Wish {
                network,
                dial: choice.turned.get_untracked(),
                cardinality: Some(choice.cardinality.get_untracked()),
                weight_dtype: Some(choice.weight_dtype.get_untracked()),
            }));
            if self.is_stored(network) {
                self.with(|inner| inner.reloading.set(Some(network)));
                self.load_listed(network);
                return Ok(());
            }
            self.offer_to_load(network);
        }
        self.choose(choice.sent.get_untracked());
        Ok(())
    }

    /// Whether the network at an index can be loaded without fetching it: from disk, or from the browser's cache.
    fn is_stored(self, index: usize) -> bool {
        let is_on_disk = self.with(|inner| inner.requests.borrow().network_file(index).is_some());
        is_on_disk || untrack(|| self.state.loading.kept_of(index).is_some_and(|cached| cached.complete))
    }

    /// Offers to load a network that was lost with its worker: whether to download it again is the visitor's decision.
    fn offer_to_load(self, index: usize) {
        let State { choice, loading, .. } = self.state;
        // A load that was under way has failed too, and has its own message.
        if loading.load.with_untracked(Option::is_some) {
            return;
        }
        self.with(|inner| {
            inner.requests.borrow_mut().sent(&Command::Load(Origin::Listed(index)), None);
            inner.lost_load.set(true);
        });
        let title = untrack(|| choice.at(index, |listed| listed.network().title.clone())).unwrap_or_default();
        loading.load.set(Some(Load { title, status: lost(words::NETWORK_LOST) }));
    }

    /// Reports that there is no worker. The picture and the last answer stay.
    fn fail(self, text: String) {
        self.forget();
        self.state.results.work.set(Work::Failed(LoadFailure::new(LoadProblem::Device, text)));
    }

    /// Ends what a worker that has ended was doing, and forgets what only it had.
    fn forget(self) {
        let State { loading, results, laboratory, .. } = self.state;
        self.with(|inner| {
            inner.sent_choice.take();
            inner.sent_looks.take();
            inner.reloading.set(None);
        });
        if let Some(load) = loading.load.get_untracked().filter(Load::is_coming) {
            self.with(|inner| inner.lost_load.set(true));
            loading.load.set(Some(Load { status: lost(words::LOAD_ENDED), ..load }));
        }
        for place in loading.held_by_worker() {
            loading.unload(place);
        }
        laboratory.halt();
        results.preparing.set(false);
        results.evaluating.set(None);
        results.work.set(Work::Starting);
    }
}

/// A load that ended with its worker.
fn lost(reason: &str) -> LoadStatus {
    LoadStatus::Failed(LoadFailure::new(LoadProblem::Device, reason))
}
