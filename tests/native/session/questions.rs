//! Questions about single pictures: each has a reply, without a picture on the page.

use cardinal::protocol::{
    Backend, Command, Event, GpuState, LoadProblem, LoadStatus, Origin, Question, Reply, ReplyOutcome, Request, Seen,
    Start,
};

use super::bench::Bench;
use super::fake::{File, Outcome};

const QUESTION: Question = Question { id: 1, top: 2, maps: None, features: false };

impl Bench {
    /// A session with a choice and no picture, which measures nothing.
    fn without_picture() -> Self {
        let mut bench = Self::new(true);
        bench.command(Command::Start(Start::default()), None);
        bench.choose(|choice| choice.measure = false);
        bench
    }

    fn ask(&mut self, question: Question, number: u64) {
        self.session.request(Request::Ask(question), None, Some(number));
        self.run();
    }

    fn replies(&self) -> Vec<Reply> {
        let replies = |event| if let Event::Reply(reply) = event { Some(reply) } else { None };
        self.events().into_iter().filter_map(replies).collect()
    }

    fn last_seen(&self) -> Seen {
        match self.replies().pop().map(|reply| reply.outcome) {
            Some(ReplyOutcome::Seen(seen)) => *seen,
            other => panic!("no answer: {other:?}"),
        }
    }
}

#[test]
fn a_question_is_answered_when_its_network_is_on_its_device() {
    let mut bench = Bench::without_picture();
    bench.ask(QUESTION, 7);
    assert!(bench.replies().is_empty(), "nothing is on the device yet");
    bench.settle();
    let seen = bench.last_seen();
    assert_eq!((seen.top.len(), seen.backend), (2, Backend::WebGpu));
    assert!(seen.top[0].2 >= seen.top[1].2 && seen.features.is_empty() && seen.maps.is_none());
    assert!(bench.answers().is_empty(), "nothing is shown");
    bench.ask(Question { id: 2, top: 1000, maps: Some(vec![3, 1]), features: true }, 9);
    bench.settle();
    let seen = bench.last_seen();
    assert_eq!(seen.features, [0.09, 1.0]);
    let maps = seen.maps.expect("asked for");
    let classes: Vec<usize> = maps.classes.iter().map(|(class, _)| *class).collect();
    assert_eq!((classes, maps.width, maps.maps.len()), (vec![3, 1], 2, 2));
    assert_eq!(bench.replies().iter().map(|reply| reply.id).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn what_cannot_be_answered_says_why() {
    let mut bench = Bench::without_picture();
    bench.request(Request::Ask(QUESTION), Some(File::Broken));
    bench.settle();
    bench.request(Request::Ask(Question { maps: Some(vec![77]), ..QUESTION }), Some(File::Picture(3)));
    bench.settle();
    bench.request(Request::Ask(QUESTION), None);
    bench.settle();
    match &bench.replies().into_iter().map(|reply| reply.outcome).collect::<Vec<_>>()[..] {
        [ReplyOutcome::Picture(_), ReplyOutcome::NoSuchClass { .. }, ReplyOutcome::Picture(_)] => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_question_waits_for_another_device_where_its_own_is_lost() {
    let mut bench = Bench::without_picture();
    bench.settle();
    bench.ask(QUESTION, 5);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    assert!(bench.replies().is_empty());
    bench.settle();
    assert_eq!(bench.last_seen().backend, Backend::WebGpu);
    bench.ask(Question { id: 2, ..QUESTION }, 6);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Hung);
    bench.settle();
    assert_eq!(bench.last_seen().backend, Backend::Cpu, "it has stopped answering");
}

/// A run may tell of a loss long after the device itself has, when another one is at work.
#[test]
fn a_loss_that_is_known_does_not_cost_the_next_device() {
    let mut bench = Bench::without_picture();
    bench.settle();
    bench.ask(QUESTION, 5);
    bench.settle_until("classify");
    bench.world.lose_devices();
    bench.run();
    bench.end("open_gpu");
    bench.end("load");
    let asked = |bench: &Bench| bench.events().iter().filter(|event| **event == Event::Gpu(GpuState::Asking)).count();
    assert_eq!(asked(&bench), 2);
    bench.end_as("classify", Outcome::Lost);
    bench.settle();
    assert_eq!((asked(&bench), bench.last_seen().backend), (2, Backend::WebGpu));
}

#[test]
fn kernels_are_checked_without_a_picture() {
    let mut bench = Bench::without_picture();
    bench.settle();
    bench.request(Request::SelfCheck, None);
    bench.settle();
    assert!(bench.events().iter().any(|event| matches!(event, Event::SelfCheck(_))));
}

#[test]
fn a_name_that_is_not_on_offer_is_a_failure_of_its_own_kind() {
    let mut bench = Bench::without_picture();
    let problem = |bench: &Bench| {
        let failed = |event: Event| match event {
            Event::Load(Some(load)) => match load.status {
                LoadStatus::Failed(failure) => Some(failure.problem),
                _ => None,
            },
            _ => None,
        };
        bench.events().into_iter().filter_map(failed).next_back()
    };
    // The beginning of an id counts only up to a `-`; the untrained network has no file.
    for name in ["resnext50", "imagenet", "nothing"] {
        bench.request(Request::Load(Origin::Named(name.into())), None);
        bench.settle();
        assert_eq!(problem(&bench), Some(LoadProblem::File), "{name}");
    }
    bench.request(Request::Load(Origin::Named("resnext50_32x4d".into())), None);
    bench.settle();
    assert_eq!(problem(&bench), Some(LoadProblem::Fetch), "the stand-in's host has no files");
}
