//! A stand-in for the host: each of its waits ends when and how the test says.

mod engines;
mod files;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cardinal::model::BlockForm;
use cardinal::protocol::{Event, Picture};
use cardinal::session::Host;
use cardinal::view::group::GroupValues;
use cardinal::weights::Pending;
use futures_channel::oneshot;

/// How a wait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Good,
    Bad,
    /// A network has no room on its device; what is no network is refused.
    Full,
    /// The device that was at work is lost.
    Lost,
    /// The device that was at work does not answer any more.
    Hung,
    /// A value of the network is outside of the f16 that its activations are.
    OutsideF16,
}

/// A wait that the test ends.
struct Wait {
    what: &'static str,
    end: oneshot::Sender<Outcome>,
}

/// A file, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// A picture that the network sees as this number.
    Picture(u64),
    /// The weights of the first network.
    Weights,
    /// Weights of six classes that say nothing of themselves.
    Undescribed,
    /// Neither a picture nor weights.
    Broken,
}

/// What the stand-ins and the test share.
#[derive(Default)]
pub struct World {
    pub events: RefCell<Vec<Event>>,
    /// The files that went to the page.
    pub sent: RefCell<Vec<File>>,
    waits: RefCell<Vec<Wait>>,
    spawned: RefCell<Vec<Pending<'static, ()>>>,
    /// Who waits for the loss of a device.
    losses: RefCell<Vec<oneshot::Sender<()>>>,
    clock: Cell<f64>,
    /// Whether there is a GPU.
    pub has_gpu: Cell<bool>,
    /// Whether it is a software adapter.
    pub is_software: Cell<bool>,
    /// Cores of the processor.
    pub cores: Cell<usize>,
    /// The number of them that is fastest.
    pub best_cores: Cell<usize>,
    /// Whether the worker has WebGPU at all.
    pub has_webgpu: Cell<bool>,
    /// How many files were asked for.
    pub downloads: Cell<usize>,
    /// Whether another tab is downloading whatever is asked for.
    pub other_tab: Cell<bool>,
    /// How many plans were compiled ahead.
    pub compiled: Cell<usize>,
    /// Whether tuning changes the kernels.
    pub finds_kernels: Cell<bool>,
    /// How often kernels were checked.
    pub checks: Cell<usize>,
    /// How many of the kernels that are tried one after the other are wrong.
    pub wrong_kernels: Cell<usize>,
    /// How many there are beside the first.
    pub other_kernels: Cell<usize>,
    /// The forms of blocks that ran, in their order.
    pub forms_run: RefCell<Vec<BlockForm>>,
    /// Classifiers on devices.
    pub networks: Cell<usize>,
    /// Whether the networks are sure of the third class, in place of the fourth.
    pub sees_another: Cell<bool>,
    /// How many classifiers were loaded.
    pub loads: Cell<usize>,
    /// Bytes that each of them takes, beside the usual 1000.
    pub more_bytes: Cell<u64>,
    /// The cardinalities of the networks that ran, in order.
    pub ran: RefCell<Vec<usize>>,
}

impl World {
    /// The names of the waits, without those that were dropped.
    pub fn waiting(&self) -> Vec<&'static str> {
        self.waits.borrow_mut().retain(|wait| !wait.end.is_canceled());
        self.waits.borrow().iter().map(|wait| wait.what).collect()
    }

    /// Ends a wait, by its index in [`World::waiting`].
    pub fn end(&self, index: usize, outcome: Outcome) {
        let wait = self.waits.borrow_mut().remove(index);
        let _ = wait.end.send(outcome);
    }

    /// All open devices are lost.
    pub fn lose_devices(&self) {
        for loss in self.losses.take() {
            let _ = loss.send(());
        }
    }

    pub fn take_spawned(&self) -> Vec<Pending<'static, ()>> {
        self.spawned.take()
    }

    /// Something else keeps the machine busy for this many milliseconds.
    pub fn advance(&self, ms: f64) {
        self.clock.set(self.clock.get() + ms);
    }

    /// Waits until the test ends it; the clock advances by a millisecond.
    async fn wait(&self, what: &'static str) -> Outcome {
        let (end, ended) = oneshot::channel();
        self.waits.borrow_mut().push(Wait { what, end });
        let outcome = ended.await.unwrap_or(Outcome::Bad);
        self.clock.set(self.clock.get() + 1.0);
        if outcome == Outcome::Full && what != "load" { Outcome::Bad } else { outcome }
    }
}

#[derive(Clone)]
pub struct Fake(pub Rc<World>);

impl Host for Fake {
    fn emit(&self, event: Event) {
        // Whatever crosses to the page must survive the crossing.
        let json = serde_json::to_string(&event).expect("plain data");
        assert_eq!(serde_json::from_str::<Event>(&json).expect("plain data"), event);
        self.0.events.borrow_mut().push(event);
    }

    fn emit_bytes(&self, event: Event, bytes: &[u8]) {
        if let Event::Group(group) = &event {
            assert!(GroupValues::new(group.sizes, bytes).is_some(), "{} bytes of {:?}", bytes.len(), group.sizes);
        }
        self.emit(event);
    }

    fn emit_file(&self, event: Event, file: &File, bytes: &[u8]) {
        if let Event::Picture(Picture { side, .. }) = event {
            assert_eq!(bytes.len(), (side * side * 4) as usize);
        }
        self.0.sent.borrow_mut().push(*file);
        self.emit(event);
    }

    fn spawn(&self, work: Pending<'static, ()>) {
        self.0.spawned.borrow_mut().push(work);
    }

    async fn sleep(&self, _ms: u32) {
        self.0.wait("sleep").await;
    }

    async fn turn(&self) {
        self.0.wait("turn").await;
    }

    fn now(&self) -> f64 {
        self.0.clock.get()
    }
}
