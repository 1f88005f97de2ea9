//! Commands in any order, waits that end in any order and with any outcome: the invariants that must hold.

use cardinal::protocol::{
    Backend, Command, CoreCounts, Description, Event, GpuState, GroupLook, Laboratory, Looks, Work,
};
use proptest::prelude::*;

use super::bench::Bench;
use super::fake::{File, Outcome};

/// Something that happens.
#[derive(Clone, Debug)]
enum Act {
    Turn(usize),
    Backend(Option<Backend>),
    Runs(usize),
    Untrained,
    First,
    Picture,
    BrokenPicture,
    Load(bool),
    /// A picture for one of two classes, and a lesson of all so far.
    Teach(bool),
    Command(Box<Command>),
    GpuPlugged(bool),
    GpuEmulated(bool),
    DevicesLost,
    /// The wait at this index, modulo their number, ends.
    End(usize, Outcome),
}

fn describe(name: &str, text: &str) -> Command {
    Command::Describe(Description { name: name.to_owned(), text: text.to_owned(), weights_follow: false })
}

fn act() -> impl Strategy<Value = Act> {
    let cardinality = prop::sample::select(vec![1, 2, 4, 8, 32]);
    let backend = prop::sample::select(vec![None, Some(Backend::Cpu), Some(Backend::WebGpu)]);
    let command = prop::sample::select(vec![
        Command::Drawn,
        Command::CancelLoad,
        Command::RetryLoad,
        Command::ListFiles,
        Command::Evaluate(true),
        Command::Evaluate(false),
        Command::Tune,
        Command::Look(Looks { forms: Some("layer1.0".into()), ..Looks::default() }),
        Command::Look(Looks { group: Some(GroupLook::default()), ..Looks::default() }),
        Command::Look(Looks { class_activation: true, occlusion: Some(0), ..Looks::default() }),
        Command::Look(Looks::default()),
        Command::Measure(Laboratory::default()),
        Command::StopMeasuring,
        Command::Hidden(true),
        Command::Hidden(false),
        Command::FindGpu,
        Command::TryAgain,
        describe("classes.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj"),
        describe("config.json", r#"{"strides": [1, 2, 1], "input_size": 40}"#),
        describe("config.json", "{"),
    ]);
    let outcome = prop_oneof![16 => Just(Outcome::Good), 2 => Just(Outcome::Bad), 2 => Just(Outcome::Full), 2 => Just(Outcome::Lost), 1 => Just(Outcome::Hung)];
    prop_oneof![
        3 => cardinality.prop_map(Act::Turn),
        1 => backend.prop_map(Act::Backend),
        1 => prop::sample::select(vec![1, 3]).prop_map(Act::Runs),
        1 => Just(Act::Untrained),
        1 => Just(Act::First),
        3 => Just(Act::Picture),
        1 => Just(Act::BrokenPicture),
        1 => any::<bool>().prop_map(Act::Load),
        2 => any::<bool>().prop_map(Act::Teach),
        3 => command.prop_map(|command| Act::Command(Box::new(command))),
        1 => any::<bool>().prop_map(Act::GpuPlugged),
        1 => any::<bool>().prop_map(Act::GpuEmulated),
        1 => Just(Act::DevicesLost),
        20 => (any::<usize>(), outcome).prop_map(|(place, outcome)| Act::End(place, outcome)),
    ]
}

impl Bench {
    fn act(&mut self, act: &Act) {
        match act.clone() {
            Act::Turn(cardinality) => {
                let network = &self.networks[self.choice.network];
                let options = cardinal::zoo::cardinality_options(&network.config, &network.trained);
                if options.iter().any(|option| option.cardinality == cardinality) {
                    self.turn(cardinality);
                }
            }
            Act::Backend(backend) => self.choose(|choice| choice.backend = backend),
            Act::Runs(runs) => self.choose(|choice| choice.runs = runs),
            Act::Untrained => self.turn_to(5),
            Act::First => self.turn_to(0),
            Act::Picture => {
                let number = self.answers().len() as u64 + 10;
                self.picture(number);
            }
            Act::BrokenPicture => drop(self.drop_file(File::Broken)),
            Act::Load(good) => self.load(if good { File::Weights } else { File::Broken }),
            Act::Teach(is_first) => self.teach_one_more(is_first),
            Act::Command(command) => self.command(*command, None),
            Act::GpuPlugged(plugged) => self.world.has_gpu.set(plugged),
            Act::GpuEmulated(emulated) => self.world.is_software.set(emulated),
            Act::DevicesLost => {
                self.world.lose_devices();
                self.run();
            }
            Act::End(place, outcome) => {
                let count = self.world.waiting().len();
                if count > 0 {
                    self.world.end(place % count, outcome);
                    self.run();
                }
            }
        }
    }

    fn turn_to(&mut self, network: usize) {
        let config = self.networks[network].config.clone();
        self.choose(|choice| (choice.network, choice.config) = (network, config));
    }

    /// Checks what holds at any time.
    fn holds(&self) {
        let waiting = self.world.waiting();
        let count = |names: &[&str]| waiting.iter().filter(|what| names.contains(what)).count();
        // A track does one thing at a time: what it did before was dropped.
        assert!(count(&["decode", "fetch"]) <= 2, "the picture's and the lesson's: {waiting:?}");
        assert!(count(&["open_gpu"]) <= 1, "{waiting:?}");
        assert!(
            count(&["class_activation", "group", "forms", "run_form", "classify", "profile", "tune"]) <= 1,
            "{waiting:?}"
        );
        assert!(count(&["load"]) <= 2, "the pass's and the load's: {waiting:?}");
        // The one that runs, and one that was loaded.
        assert!(self.world.networks.get() <= 2, "{} networks on devices", self.world.networks.get());
    }

    /// Checks what holds for all events.
    fn told_well(&self) {
        let (mut shown, mut answered) = (0, 0);
        for event in self.events() {
            match event {
                Event::Picture(picture) => {
                    assert!(picture.request.id >= shown, "an older picture came after a newer one");
                    shown = picture.request.id;
                }
                Event::Answer(answer) => {
                    assert!(answer.picture >= answered, "an older picture was answered after a newer one");
                    assert!(answer.picture <= shown, "a picture was answered before it was shown");
                    assert_eq!(
                        answer.logits[1] as usize, answer.setting.config.cardinality,
                        "another network's answer"
                    );
                    assert_eq!(answer.logits[2] as usize, answer.setting.backend as usize, "another device's answer");
                    answered = answer.picture;
                }
                Event::Timed(timed) => assert!(timed.wall.len() <= timed.runs),
                _ => {}
            }
        }
    }

    /// Checks that in the end, when nothing fails any more, the results are those of the newest choice.
    fn ends_at_the_newest(&mut self) {
        // What failed is tried again, and now succeeds.
        self.settle();
        self.command(Command::TryAgain, None);
        self.settle();
        let last_good = self.picture(7);
        self.settle();
        let gpu =
            self.events().into_iter().filter_map(|event| if let Event::Gpu(gpu) = event { Some(gpu) } else { None });
        let gpu = gpu.into_iter().next_back().expect("it was told");
        let setting = self.choice.setting(&gpu, &CoreCounts::default());
        if setting.backend == Backend::WebGpu && matches!(gpu, GpuState::Missing { .. }) {
            assert!(matches!(self.last_work(), Work::Failed(_)), "{:?}", self.last_work());
            return;
        }
        let answer = self.answers().pop().expect("an answer");
        assert_eq!((answer.picture, &answer.setting), (last_good, &setting));
        assert_eq!(answer.logits[0], 7.0);
        assert_eq!(self.last_work(), Work::Ready);
        let timed = self.events().into_iter().filter_map(|event| match event {
            Event::Timed(timed) if timed.setting == setting => Some(timed),
            _ => None,
        });
        let timed = timed.into_iter().next_back().expect("it was timed");
        assert_eq!((timed.runs, timed.wall.len()), (self.choice.runs, self.choice.runs));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        max_shrink_iters: 4000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_happens_the_newest_choice_is_answered(has_gpu: bool, acts in prop::collection::vec(act(), 0..60)) {
        let mut bench = Bench::started(has_gpu);
        for act in &acts {
            bench.act(act);
            bench.holds();
        }
        bench.told_well();
        bench.ends_at_the_newest();
        bench.told_well();
    }
}
