//! A session on the stand-in for its host, a stand-in for the page, and the thread that they share.

use std::rc::Rc;

use cardinal::model::ResNextConfig;
use cardinal::plan::{GpuDtype, PlanKind};
use cardinal::protocol::{
    Answer, Backend, Choice, Command, Description, Event, Notice, Origin, PictureRequest, PictureSource, Request,
    Start, Timed, Work,
};
use cardinal::session::Session;
use cardinal::zoo::{self, Network};
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::task::LocalSpawnExt;

use super::fake::{Fake, File, Outcome, World};

pub struct Bench {
    pub world: Rc<World>,
    pub session: Session<Fake>,
    pool: LocalPool,
    spawner: LocalSpawner,
    /// The list as the page has it.
    pub networks: Vec<Network>,
    pub choice: Choice,
    next_picture: u64,
    /// The pictures of two classes.
    pub taught: [Vec<u64>; 2],
    /// Events that the page has seen.
    seen: usize,
}

pub fn first_choice() -> Choice {
    Choice {
        network: 0,
        config: zoo::offers().remove(0).config,
        backend: None,
        plan: PlanKind::Fused,
        weight_dtype: GpuDtype::F32,
        cores: None,
        runs: 3,
        measure: true,
        stops: first_stops(),
    }
}

/// The stops of the first network's dial.
fn first_stops() -> Vec<ResNextConfig> {
    let first = zoo::offers().remove(0);
    zoo::cardinality_options(&first.config, &first.trained)
}

impl Bench {
    /// A session without commands.
    pub fn new(has_gpu: bool) -> Self {
        let world = Rc::new(World::default());
        world.has_gpu.set(has_gpu);
        world.has_webgpu.set(true);
        let session = Session::new(Fake(world.clone()));
        let pool = LocalPool::new();
        let spawner = pool.spawner();
        let (networks, choice) = (zoo::offers(), first_choice());
        Self { world, session, pool, spawner, networks, choice, next_picture: 0, taught: Default::default(), seen: 0 }
    }

    /// A session that has its start, a choice and its first picture.
    pub fn started(has_gpu: bool) -> Self {
        let mut bench = Self::new(has_gpu);
        bench.begin();
        bench
    }

    /// Sends the start, a choice and the first picture.
    pub fn begin(&mut self) {
        self.command(Command::Start(Start::default()), None);
        self.choose(|_| {});
        self.picture(1);
    }

    pub fn command(&mut self, command: Command, file: Option<File>) {
        let json = serde_json::to_string(&command).expect("plain data");
        assert_eq!(serde_json::from_str::<Command>(&json).expect("plain data"), command);
        self.session.command(command, file, None);
        self.run();
    }

    /// Sends a request of another page.
    pub fn request(&mut self, request: Request, file: Option<File>) {
        let json = serde_json::to_string(&request).expect("plain data");
        assert_eq!(serde_json::from_str::<Request>(&json).expect("plain data"), request);
        self.session.request(request, file, None);
        self.run();
    }

    /// Sends a frame that the network sees as `number`; returns its id.
    pub fn frame(&mut self, number: u64) -> u64 {
        self.next_picture += 1;
        let id = self.next_picture;
        let (title, alt) = ("Camera".into(), String::new());
        let request = PictureRequest { id, title, alt, credit: None, source: PictureSource::File };
        self.session.command(Command::Frame(request), None, Some(number));
        self.run();
        id
    }

    /// Changes the choice.
    pub fn choose(&mut self, change: impl FnOnce(&mut Choice)) {
        change(&mut self.choice);
        self.command(Command::Choose(self.choice.clone()), None);
    }

    /// Turns the dial of the first network.
    pub fn turn(&mut self, cardinality: usize) {
        let config = self.stop(cardinality);
        self.choose(|choice| choice.config = config);
    }

    /// A stop of the dial of the chosen network.
    pub fn stop(&self, cardinality: usize) -> ResNextConfig {
        let network = &self.networks[self.choice.network];
        let options = zoo::cardinality_options(&network.config, &network.trained);
        options.into_iter().find(|option| option.cardinality == cardinality).expect("on the dial")
    }

    /// The backend that runs, by the last answer.
    pub fn backend(&self) -> Backend {
        self.answers().last().expect("an answer").setting.backend
    }

    /// Drops a picture that the network sees as `number`; returns its id.
    pub fn picture(&mut self, number: u64) -> u64 {
        self.drop_file(File::Picture(number))
    }

    pub fn drop_file(&mut self, file: File) -> u64 {
        self.next_picture += 1;
        let id = self.next_picture;
        let (title, alt) = (format!("picture {id}"), String::new());
        let request = PictureRequest { id, title, alt, credit: None, source: PictureSource::File };
        self.command(Command::Picture(request), Some(file));
        id
    }

    /// Drops a file that describes a network.
    pub fn describe(&mut self, name: &str, text: &str, weights_follow: bool) {
        let (name, text) = (name.to_owned(), text.to_owned());
        self.command(Command::Describe(Description { name, text, weights_follow }), None);
    }

    pub fn load(&mut self, file: File) {
        self.command(Command::Load(Origin::File("own.safetensors".into())), Some(file));
    }

    /// Runs all tasks until each of them waits for the test.
    pub fn run(&mut self) {
        loop {
            self.pool.run_until_stalled();
            let spawned = self.world.take_spawned();
            if spawned.is_empty() && !self.turn_to_loaded() {
                return;
            }
            for work in spawned {
                self.spawner.spawn_local(work).expect("the pool lives");
            }
        }
    }

    /// Does what the page does by itself: it keeps the list of networks, and chooses one that was loaded.
    fn turn_to_loaded(&mut self) -> bool {
        let events: Vec<Event> = self.world.events.borrow()[self.seen..].to_vec();
        self.seen += events.len();
        let mut turned = false;
        for event in events {
            match event {
                Event::Network { index, network } if index < self.networks.len() => {
                    // The dial stays on the network's own configuration where that changes.
                    let is_own = index == self.choice.network && self.choice.config == self.networks[index].config;
                    if is_own && network.config != self.choice.config {
                        self.choice.config = network.config.clone();
                        self.session.command(Command::Choose(self.choice.clone()), None, None);
                        turned = true;
                    }
                    self.networks[index] = network;
                }
                Event::Network { index, network } => {
                    assert_eq!(index, self.networks.len(), "networks come one behind the other");
                    self.networks.push(network);
                }
                Event::Loaded { network } => {
                    self.choice.network = network;
                    self.choice.config = self.networks[network].config.clone();
                    self.session.command(Command::Choose(self.choice.clone()), None, None);
                    turned = true;
                }
                _ => {}
            }
        }
        turned
    }

    /// Ends the first wait of this name with [`Outcome::Good`].
    pub fn end(&mut self, what: &str) {
        self.end_as(what, Outcome::Good);
    }

    pub fn end_as(&mut self, what: &str, outcome: Outcome) {
        let waiting = self.world.waiting();
        let index = waiting.iter().position(|name| *name == what);
        let index = index.unwrap_or_else(|| panic!("nothing waits for {what}: {waiting:?}"));
        self.world.end(index, outcome);
        self.run();
    }

    /// Ends all waits with [`Outcome::Good`], one after the other, until there are none.
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            if self.world.waiting().is_empty() {
                return;
            }
            self.world.end(0, Outcome::Good);
            self.run();
        }
        panic!("it never settles: {:?}", self.world.waiting());
    }

    /// Ends waits with [`Outcome::Good`] until one has this name.
    pub fn settle_until(&mut self, what: &str) {
        for _ in 0..10_000 {
            let waiting = self.world.waiting();
            if waiting.contains(&what) {
                return;
            }
            assert!(!waiting.is_empty(), "it never waits for {what}");
            self.world.end(0, Outcome::Good);
            self.run();
        }
        panic!("it never waits for {what}");
    }

    /// Ends waits with [`Outcome::Good`] until the sweep has timed this many settings.
    pub fn settle_until_swept(&mut self, count: usize) {
        for _ in 0..10_000 {
            if self.timed().iter().filter(|timed| timed.runs != self.choice.runs).count() >= count {
                return;
            }
            assert!(!self.world.waiting().is_empty(), "nothing is swept");
            self.world.end(0, Outcome::Good);
            self.run();
        }
        panic!("it never sweeps");
    }

    pub fn events(&self) -> Vec<Event> {
        self.world.events.borrow().clone()
    }

    pub fn answers(&self) -> Vec<Answer> {
        let answer = |event| if let Event::Answer(answer) = event { Some(answer) } else { None };
        self.events().into_iter().filter_map(answer).collect()
    }

    pub fn notices(&self) -> Vec<Notice> {
        let notice = |event| if let Event::Notice(notice) = event { Some(notice) } else { None };
        self.events().into_iter().filter_map(notice).collect()
    }

    /// All work that was reported.
    pub fn works(&self) -> Vec<Work> {
        let work = |event| if let Event::Work(work) = event { Some(work) } else { None };
        self.events().into_iter().filter_map(work).collect()
    }

    pub fn last_work(&self) -> Work {
        self.works().pop().expect("it told what it does")
    }

    /// All timed runs that were reported, those of the sweep too.
    pub fn timed(&self) -> Vec<Timed> {
        let timed = |event| if let Event::Timed(timed) = event { Some(timed) } else { None };
        self.events().into_iter().filter_map(timed).collect()
    }

    /// The last timed runs of what is chosen.
    pub fn last_timed(&self) -> Option<Timed> {
        let is_chosen = |timed: &&Timed| timed.setting.config == self.choice.config && timed.runs == self.choice.runs;
        self.timed().iter().rfind(is_chosen).cloned()
    }
}
