//! The stand-in for a race's host, and the thread that they share.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::task::{Poll, Waker};

use cardinal::Error;
use cardinal::classifier::{Device, TrainingRun};
use cardinal::gpu::GpuError;
use cardinal::model::ResNextConfig;
use cardinal::plan::LearningStep;
use cardinal::protocol::{Backend, RaceCommand, RaceData, RaceEvent, RaceSetup, RaceStage};
use cardinal::race::{Entry, Host, Race, Racer};
use cardinal::train::{Network, Pictures, Recipe, Set};
use cardinal::weights::{Metadata, NamedTensors, Pending};
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::task::LocalSpawnExt;

const SIDE: usize = 8;

/// What the stand-ins and the test share.
#[derive(Default)]
pub struct World {
    pub events: RefCell<Vec<RaceEvent>>,
    pub files: RefCell<Vec<Vec<u8>>>,
    /// What is kept for the next visit.
    pub kept: RefCell<BTreeMap<&'static str, Vec<u8>>>,
    spawned: RefCell<Vec<Pending<'static, ()>>>,
    /// Turns of the event loop that may pass.
    turns: Cell<usize>,
    waiting: RefCell<Vec<Waker>>,
    clock: Cell<f64>,
    /// Milliseconds of a step.
    pub step_ms: Cell<f64>,
    /// The GPU is lost when it is used after this many steps, as often as this says.
    pub loses: Cell<(usize, usize)>,
    /// How often the browser refuses the GPU after that.
    pub refuses: Cell<usize>,
    /// Turns that pass until a network is on the GPU.
    pub compiles: Cell<usize>,
    /// Steps of both networks, by their cardinalities.
    pub stepped: RefCell<Vec<usize>>,
    /// Where each of these was taken.
    pub stepped_on: RefCell<Vec<Backend>>,
}

#[derive(Clone)]
pub struct Fake(pub Rc<World>);

pub struct FakeRun {
    run: TrainingRun,
    backend: Backend,
    world: Rc<World>,
}

impl FakeRun {
    /// The loss of the GPU, where the test wants it now.
    fn check(&self) -> Result<(), Error> {
        let (at, times) = self.world.loses.get();
        if self.backend == Backend::WebGpu && times > 0 && at <= self.run.step_count() {
            self.world.loses.set((at, times - 1));
            return Err(GpuError::Lost { detail: "the test took it".into() }.into());
        }
        Ok(())
    }
}

impl Racer for FakeRun {
    async fn step(&mut self) -> Result<LearningStep, Error> {
        self.check()?;
        self.world.stepped.borrow_mut().push(self.run.config().cardinality);
        self.world.stepped_on.borrow_mut().push(self.backend);
        let learned = self.run.step().await?;
        let wall_ms = self.world.step_ms.get();
        self.world.clock.set(self.world.clock.get() + wall_ms);
        Ok(LearningStep { wall_ms, ..learned })
    }

    async fn accuracy(&mut self) -> Result<(usize, usize), Error> {
        self.check()?;
        self.run.accuracy().await
    }

    async fn probabilities(&mut self, pictures: &[usize]) -> Result<Vec<Vec<f32>>, Error> {
        self.run.probabilities(pictures).await
    }

    async fn network(&self) -> Result<NamedTensors, Error> {
        self.run.network().await
    }

    fn metadata(&self, test_accuracy: Option<f64>) -> Metadata {
        self.run.metadata(test_accuracy)
    }

    async fn state(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        Racer::state(&self.run).await
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Error> {
        Racer::restore(&mut self.run, state)
    }
}

fn name(entry: Entry) -> &'static str {
    match entry {
        Entry::Race => "race",
        Entry::Pictures => "pictures",
    }
}

impl Host for Fake {
    type File = Vec<u8>;
    /// All of them compute on the processor, so that they give the same to the bit.
    type Device = Backend;
    type Racer = FakeRun;

    fn emit(&self, event: RaceEvent) {
        // Whatever crosses to the page must survive the crossing.
        let json = serde_json::to_string(&event).expect("plain data");
        assert_eq!(serde_json::from_str::<RaceEvent>(&json).expect("plain data"), event);
        self.0.events.borrow_mut().push(event);
    }

    fn emit_bytes(&self, event: RaceEvent, bytes: &[u8]) {
        let expected = match &event {
            RaceEvent::Began(facts) => facts.examples.len() * facts.side * facts.side * 3,
            RaceEvent::Look(look) => look.filters.iter().map(|(count, side)| count * 3 * side * side * 4).sum(),
            other => panic!("{other:?} has no bytes"),
        };
        assert_eq!(bytes.len(), expected, "{event:?}");
        self.emit(event);
    }

    fn emit_file(&self, event: RaceEvent, file: &Vec<u8>) {
        self.0.files.borrow_mut().push(file.clone());
        self.emit(event);
    }

    fn spawn(&self, work: Pending<'static, ()>) {
        self.0.spawned.borrow_mut().push(work);
    }

    async fn turn(&self) {
        let mut has_waited = false;
        std::future::poll_fn(|context| {
            // What else is under way comes first.
            if std::mem::replace(&mut has_waited, true) && self.0.turns.get() > 0 {
                self.0.turns.set(self.0.turns.get() - 1);
                return Poll::Ready(());
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    async fn sleep(&self, _ms: u32) {
        self.turn().await;
    }

    fn now(&self) -> f64 {
        self.0.clock.get()
    }

    fn file(&self, parts: &[Vec<u8>]) -> Result<Vec<u8>, String> {
        Ok(parts.concat())
    }

    async fn bundled(&self) -> Result<Pictures, String> {
        Ok(pictures())
    }

    async fn archive(&self, file: &Vec<u8>) -> Result<Pictures, String> {
        if file.is_empty() { Err("it is no archive".into()) } else { Ok(pictures()) }
    }

    async fn picture(&self, file: &Vec<u8>, part: Range<u64>, side: usize) -> Result<Vec<u8>, String> {
        let level = file[part.start as usize];
        assert_eq!(part.end - part.start, 3, "every picture of the test has three bytes");
        if level == 255 { Err("it is no picture".into()) } else { Ok(vec![level; side * side * 3]) }
    }

    async fn open(&self, backend: Backend) -> Result<Backend, Error> {
        if backend == Backend::WebGpu && !self.0.stepped.borrow().is_empty() && self.0.refuses.get() > 0 {
            self.0.refuses.set(self.0.refuses.get() - 1);
            return Err(GpuError::NoAdapter.into());
        }
        Ok(backend)
    }

    async fn begin(
        &self,
        &backend: &Backend,
        network: Network,
        recipe: Recipe,
        pictures: Rc<Pictures>,
    ) -> Result<FakeRun, Error> {
        let Network { config, metadata, source } = network;
        let metadata = Metadata { input_size: pictures.side, resize: pictures.side, ..metadata };
        let network = Network { config, metadata, source };
        for _ in 0..if backend == Backend::WebGpu { self.0.compiles.get() } else { 0 } {
            self.turn().await;
        }
        let run = TrainingRun::begin(&Device::Cpu, network, recipe, pictures).await?;
        Ok(FakeRun { run, backend, world: self.0.clone() })
    }

    async fn keep(&self, entry: Entry, parts: &[&[u8]]) -> Result<(), String> {
        self.0.kept.borrow_mut().insert(name(entry), parts.concat());
        Ok(())
    }

    async fn kept(&self, entry: Entry, most: u64) -> Option<Vec<u8>> {
        let bytes = self.0.kept.borrow().get(name(entry)).cloned()?;
        Some(bytes[..bytes.len().min(usize::try_from(most).unwrap_or(usize::MAX))].to_vec())
    }

    async fn forget(&self) {
        self.0.kept.borrow_mut().clear();
    }
}

/// Three classes that differ in brightness: 24 pictures to train on, 6 to test on.
fn pictures() -> Pictures {
    let set = |count: usize, shift: u8| {
        let labels: Vec<u32> = (0..count as u32).map(|place| place % 3).collect();
        let pixel = |&label: &u32| vec![40 + 80 * label as u8 + shift; SIDE * SIDE * 3];
        Set { pixels: labels.iter().flat_map(pixel).collect(), labels }
    };
    Pictures {
        name: "greys".into(),
        classes: ["dark", "grey", "light"].map(str::to_owned).to_vec(),
        side: SIDE,
        train: set(24, 0),
        test: set(6, 5),
    }
}

/// Two networks of some hundred weights.
pub fn setup(epochs: usize) -> RaceSetup {
    let network = |(cardinality, base_width)| ResNextConfig {
        out_channels: vec![16, 16, 16],
        stem_channels: 4,
        strides: vec![2, 2, 2],
        ..ResNextConfig::cifar(1, cardinality, base_width)
    };
    RaceSetup {
        networks: [(1, 32), (2, 16)].map(network),
        data: RaceData::Bundled,
        epochs,
        seed: 5,
        backend: Backend::Cpu,
        begun: "2026-11-28T01:02:03Z".into(),
    }
}

/// A race, and the thread that it runs on.
pub struct Bench {
    pub world: Rc<World>,
    pub race: Race<Fake>,
    pool: LocalPool,
    spawner: LocalSpawner,
}

impl Bench {
    pub fn new() -> Self {
        let world = Rc::new(World::default());
        world.step_ms.set(10.0);
        Self::on(world)
    }

    /// A visit that finds what another has kept.
    pub fn on(world: Rc<World>) -> Self {
        let pool = LocalPool::new();
        let spawner = pool.spawner();
        Self { race: Race::new(Fake(world.clone())), world, pool, spawner }
    }

    pub fn send(&mut self, command: RaceCommand) {
        self.send_with(command, None);
    }

    pub fn send_with(&mut self, command: RaceCommand, file: Option<Vec<u8>>) {
        self.race.command(command, file);
        self.settle();
    }

    /// Lets this many turns pass.
    pub fn turns(&mut self, count: usize) {
        self.world.turns.set(count);
        self.settle();
        self.world.turns.set(0);
    }

    /// Lets turns pass until both networks have learned this many steps.
    pub fn until(&mut self, step: usize) {
        for _ in 0..1000 {
            if self.world.stepped.borrow().len() >= 2 * step {
                return;
            }
            self.turns(1);
        }
        panic!("no step {step}: {:?}", self.world.events.borrow().last());
    }

    pub fn finish(&mut self) {
        self.turns(10_000);
    }

    fn settle(&mut self) {
        loop {
            for work in self.world.spawned.take() {
                self.spawner.spawn_local(work).expect("the pool lives");
            }
            self.world.waiting.take().into_iter().for_each(Waker::wake);
            self.pool.run_until_stalled();
            let may_go_on = self.world.turns.get() > 0 && !self.world.waiting.borrow().is_empty();
            if !may_go_on && self.world.spawned.borrow().is_empty() {
                return;
            }
        }
    }

    pub fn stage(&self) -> RaceStage {
        self.stages().pop().unwrap_or_default()
    }

    /// The stages that were told, in their order.
    pub fn stages(&self) -> Vec<RaceStage> {
        let stage = |event: &RaceEvent| match event {
            RaceEvent::Stage(stage) => Some(stage.clone()),
            _ => None,
        };
        self.world.events.borrow().iter().filter_map(stage).collect()
    }

    /// The curves as the page has them.
    pub fn losses(&self) -> [Vec<f32>; 2] {
        let mut curves: [Vec<f32>; 2] = Default::default();
        for event in self.world.events.borrow().iter() {
            if let RaceEvent::Course(course) = event {
                for (known, new) in curves.iter_mut().zip(&course.losses) {
                    assert!(course.from <= known.len(), "a gap before step {}", course.from);
                    known.truncate(course.from);
                    known.extend(new);
                }
            }
        }
        curves
    }
}

/// The curves of a race that nothing disturbs.
pub fn undisturbed(epochs: usize) -> [Vec<f32>; 2] {
    let mut bench = Bench::new();
    bench.send(RaceCommand::Begin(Box::new(setup(epochs))));
    bench.finish();
    assert_eq!(bench.stage(), RaceStage::Done);
    bench.losses()
}
