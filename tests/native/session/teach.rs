//! Teaching: each picture goes through the network once, the newest lesson is the one that is learned, and the network that has
//! learned is one like any other.

use cardinal::protocol::{Backend, Choice, Command, Event, Learned, Lesson, LessonClass, Start, Teaching, Work};
use cardinal::zoo::TAUGHT_ID;

use super::bench::Bench;
use super::fake::{File, Outcome};

/// Even and odd numbers, which the stand-in's features tell apart.
const EVEN: [u64; 3] = [2, 4, 6];
const ODD: [u64; 3] = [1, 3, 5];

impl Bench {
    /// Gives pictures, each by the number that the network sees, which is its id too.
    fn show_pictures(&mut self, pictures: &[u64]) {
        for &picture in pictures {
            self.command(Command::TeachPicture(picture), Some(File::Picture(picture)));
        }
    }

    /// Gives a picture to one of two classes, and a lesson of all that was given so far.
    pub fn teach_one_more(&mut self, is_first: bool) {
        self.taught[usize::from(is_first)].push(self.taught.iter().map(Vec::len).sum::<usize>() as u64 + 1);
        let [one, two] = self.taught.clone();
        let id = (one.len() + two.len()) as u64;
        self.show_pictures(&[id]);
        self.teach(id, &[("one", &one), ("two", &two)]);
    }

    fn teach(&mut self, id: u64, classes: &[(&str, &[u64])]) {
        let class = |&(name, pictures): &(&str, &[u64])| LessonClass { name: name.into(), pictures: pictures.to_vec() };
        self.command(Command::Teach(Lesson { id, classes: classes.iter().map(class).collect() }), None);
    }

    /// A session that has learned even and odd.
    fn taught(has_gpu: bool) -> Self {
        let mut bench = Self::started(has_gpu);
        bench.settle_until("profile");
        bench.show_pictures(&EVEN);
        bench.show_pictures(&ODD);
        bench.teach(1, &[("even", &EVEN), ("odd", &ODD)]);
        bench.settle();
        bench
    }

    fn learned(&self) -> Vec<Learned> {
        let learned = |event| match event {
            Event::Teaching(Teaching::Learned(learned)) => Some(learned),
            _ => None,
        };
        self.events().into_iter().filter_map(learned).collect()
    }

    /// The place of the network that was taught.
    fn taught_place(&self) -> usize {
        self.networks.iter().position(|network| network.id == TAUGHT_ID).expect("listed")
    }

    /// How often a network ran.
    fn runs(&self) -> usize {
        self.world.ran.borrow().len()
    }

    /// Ends waits until a lesson has been learned.
    fn settle_until_learned(&mut self, count: usize) {
        for _ in 0..10_000 {
            if self.learned().len() >= count {
                return;
            }
            assert!(!self.world.waiting().is_empty(), "nothing is learned");
            self.world.end(0, Outcome::Good);
            self.run();
        }
        panic!("it never learns");
    }
}

#[test]
fn what_has_learned_is_listed_and_answers_with_its_classes() {
    let bench = Bench::taught(true);
    let learned = bench.learned();
    let [learned] = &learned[..] else { panic!("{learned:?}") };
    let place = bench.taught_place();
    assert_eq!((learned.lesson, learned.network, learned.base, bench.choice.network), (1, place, 0, place));
    assert!(learned.left_out.iter().all(|picture| picture.is_right), "{:?}", learned.left_out);
    let order: Vec<u64> = learned.left_out.iter().map(|picture| picture.picture).collect();
    assert_eq!(order, [2, 4, 6, 1, 3, 5]);
    let network = &bench.networks[place];
    assert_eq!((network.title.as_str(), network.config.num_classes), ("Taught: even, odd", 2));
    assert_eq!(network.labels.as_deref(), Some(&["even".to_owned(), "odd".to_owned()][..]));
    let answer = bench.answers().pop().expect("it answers");
    assert_eq!((answer.setting.network, answer.setting.config), (place, network.config.clone()));
    assert_eq!(bench.last_work(), Work::Ready);
}

#[test]
fn each_picture_goes_through_the_network_once() {
    let mut bench = Bench::started(true);
    bench.choose(|choice| choice.measure = false);
    bench.settle();
    let before = bench.runs();
    bench.show_pictures(&EVEN);
    bench.show_pictures(&ODD);
    bench.settle();
    assert_eq!(bench.runs() - before, 6);
    bench.teach(1, &[("even", &EVEN), ("odd", &ODD)]);
    bench.settle();
    assert_eq!(bench.runs() - before, 7, "the answer of the network that has learned");
    // One more, which the network that has learned looks at.
    bench.show_pictures(&[8]);
    bench.teach(2, &[("even", &[2, 4, 6, 8]), ("odd", &ODD)]);
    bench.settle();
    assert_eq!(bench.runs() - before, 9, "the picture, and the answer");
    // Moved and renamed, they have been seen.
    bench.teach(3, &[("both", &[2, 4, 6, 8, 1]), ("odd", &[3, 5])]);
    bench.settle();
    assert_eq!(bench.runs() - before, 10, "the answer");
    assert_eq!(bench.learned().len(), 3);
    // On another network they are looked at again, and on the first not any more.
    bench.choose(|choice| choice.network = 0);
    bench.turn(4);
    bench.settle();
    let before = bench.runs();
    bench.teach(4, &[("even", &EVEN), ("odd", &ODD)]);
    bench.settle();
    assert_eq!(bench.runs() - before, 7, "six pictures and the answer");
    bench.choose(|choice| choice.network = 0);
    bench.turn(8);
    bench.settle();
    let before = bench.runs();
    bench.teach(5, &[("even", &EVEN), ("odd", &ODD)]);
    bench.settle();
    assert_eq!(bench.runs() - before, 1, "the answer");
    assert_eq!(bench.learned().len(), 5);
}

#[test]
fn another_network_is_on_the_page_until_something_new_is_to_be_learned() {
    let mut bench = Bench::taught(true);
    bench.choose(|choice| choice.network = 0);
    bench.turn(8);
    bench.settle();
    assert_eq!((bench.learned().len(), bench.answers().last().map(|answer| answer.setting.network)), (1, Some(0)));
    let place = bench.taught_place();
    let config = bench.networks[place].config.clone();
    bench.choose(|choice| *choice = Choice { network: place, config, ..choice.clone() });
    bench.settle();
    assert_eq!((bench.learned().len(), bench.answers().last().map(|answer| answer.setting.network)), (1, Some(place)));
}

#[test]
fn learned_again_it_takes_the_place_of_the_one_before() {
    let mut bench = Bench::taught(true);
    let (place, answers) = (bench.taught_place(), bench.answers().len());
    bench.show_pictures(&[7]);
    bench.teach(2, &[("even", &EVEN), ("odd", &[1, 3, 5, 7]), ("none", &[])]);
    bench.settle();
    let failed = bench.events().into_iter().filter_map(|event| match event {
        Event::Teaching(Teaching::Failed { lesson, reason }) => Some((lesson, reason)),
        _ => None,
    });
    let failed: Vec<_> = failed.collect();
    assert!(failed.len() == 1 && failed[0].0 == 2 && failed[0].1.contains("\"none\" has no picture"), "{failed:?}");
    assert_eq!(bench.networks[place].title, "Taught: even, odd", "the last good one stays");
    bench.teach(3, &[("even", &EVEN), ("odd", &[1, 3, 5, 7])]);
    bench.settle();
    assert_eq!((bench.taught_place(), bench.networks.len(), bench.choice.network), (place, place + 1, place));
    assert_eq!(bench.answers().len(), answers + 1, "the same picture is answered again");
    assert_eq!(bench.world.networks.get(), 1, "nothing of the old one is on the device");
}

#[test]
fn a_newer_lesson_replaces_the_one_under_way() {
    let mut bench = Bench::started(true);
    bench.settle_until("profile");
    bench.show_pictures(&EVEN);
    bench.show_pictures(&ODD);
    bench.teach(1, &[("even", &EVEN), ("odd", &ODD)]);
    bench.settle_until("decode");
    bench.end("decode");
    bench.teach(2, &[("two", &[2, 4]), ("one", &[1, 3])]);
    bench.settle();
    let lessons: Vec<u64> = bench.learned().iter().map(|learned| learned.lesson).collect();
    assert_eq!(lessons, [2]);
    assert_eq!(bench.networks[bench.taught_place()].title, "Taught: two, one");
}

#[test]
fn a_file_that_is_no_picture_is_named_and_the_others_are_learned() {
    let mut bench = Bench::started(true);
    bench.settle_until("profile");
    bench.show_pictures(&EVEN);
    bench.command(Command::TeachPicture(9), Some(File::Broken));
    bench.show_pictures(&ODD);
    bench.teach(1, &[("even", &EVEN), ("odd", &[9, 1, 3, 5])]);
    bench.settle();
    let refused = bench.events().into_iter().filter_map(|event| match event {
        Event::Teaching(Teaching::Refused { picture, reason }) => Some((picture, reason)),
        _ => None,
    });
    assert_eq!(refused.collect::<Vec<_>>(), [(9, "the browser cannot decode this file".to_owned())]);
    let left_out: Vec<u64> = bench.learned()[0].left_out.iter().map(|picture| picture.picture).collect();
    assert_eq!(left_out, [2, 4, 6, 1, 3, 5]);
}

#[test]
fn the_taught_network_survives_a_lost_device() {
    let mut bench = Bench::taught(true);
    let place = bench.taught_place();
    bench.world.lose_devices();
    bench.run();
    bench.settle();
    assert_eq!((bench.learned().len(), bench.taught_place()), (1, place));
    bench.picture(30);
    bench.settle();
    let answer = bench.answers().pop().expect("answered");
    assert_eq!((answer.setting.network, answer.setting.backend, answer.logits[0]), (place, Backend::WebGpu, 30.0));
    // Lost while it looks at a picture: those that it has seen are not looked at again.
    let mut bench = Bench::started(true);
    bench.choose(|choice| choice.measure = false);
    bench.settle();
    bench.show_pictures(&EVEN);
    bench.settle();
    let before = bench.runs();
    bench.show_pictures(&ODD);
    bench.teach(1, &[("even", &EVEN), ("odd", &ODD)]);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    bench.settle();
    assert_eq!((bench.learned().len(), bench.runs() - before), (1, 4), "three pictures and the answer");
}

#[test]
fn a_worker_in_the_place_of_one_that_died_learns_the_same_place_again() {
    let bench = Bench::taught(true);
    let (place, brought) = (bench.taught_place(), bench.networks[bench.taught_place()].clone());
    let mut next = Bench::new(true);
    next.networks.push(brought.clone());
    next.command(Command::Start(Start { brought: vec![brought], ..Start::default() }), None);
    next.choose(|_| {});
    next.picture(1);
    next.show_pictures(&EVEN);
    next.show_pictures(&ODD);
    next.teach(7, &[("even", &EVEN), ("odd", &ODD)]);
    next.settle();
    assert_eq!((next.taught_place(), next.networks.len(), next.choice.network), (place, place + 1, place));
    assert_eq!(next.answers().last().map(|answer| answer.setting.network), Some(place));
}

#[test]
fn frames_are_answered_while_pictures_are_looked_at_one_by_one() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.command(Command::Live(true), None);
    bench.settle();
    bench.show_pictures(&EVEN);
    bench.show_pictures(&ODD);
    bench.teach(1, &[("even", &EVEN), ("odd", &ODD)]);
    for number in 1..=6 {
        bench.frame(40 + number);
        bench.settle();
        assert!(bench.learned().is_empty(), "after {number} frames");
    }
    let frames = |bench: &Bench| bench.events().iter().filter(|event| matches!(event, Event::Frame(_))).count();
    assert_eq!(frames(&bench), 6);
    bench.frame(47);
    bench.settle_until_learned(1);
    bench.settle();
    let place = bench.taught_place();
    let frame = bench.events().into_iter().rev().find_map(|event| match event {
        Event::Frame(frame) => Some(frame),
        _ => None,
    });
    // The page had chosen the new network when the frame was answered, or chooses it for the next.
    assert!(frame.is_some_and(|frame| [0, place].contains(&frame.answer.setting.network)));
    bench.frame(48);
    bench.settle();
    let frame = bench.events().into_iter().rev().find_map(|event| match event {
        Event::Frame(frame) => Some(frame),
        _ => None,
    });
    assert_eq!(frame.map(|frame| frame.answer.setting.network), Some(place));
    // Learned again under the frames: what the old head would have said is not shown with the new names.
    bench.teach(2, &[("odd", &ODD), ("even", &EVEN)]);
    bench.frame(49);
    bench.settle();
    bench.frame(50);
    bench.settle();
    assert_eq!((bench.learned().len(), frames(&bench)), (2, 10));
    assert_eq!(bench.networks[place].labels.as_deref(), Some(&["odd".to_owned(), "even".to_owned()][..]));
}
