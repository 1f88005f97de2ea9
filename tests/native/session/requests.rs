//! What another page asks for, and what it is told.

use cardinal::protocol::{
    Backend, Event, Lesson, LessonClass, LoadFailure, LoadProblem, Origin, Question, ReplyOutcome, Report, Request,
    Teaching,
};
use cardinal::zoo;

use super::bench::Bench;
use super::fake::File;

impl Bench {
    /// A session of another page, without a network.
    fn of_another_page(has_gpu: bool) -> Self {
        let mut bench = Self::new(has_gpu);
        bench.networks = zoo::hosted();
        // Where the bench chooses what was loaded.
        bench.choice.measure = false;
        let (hub, labels) = (String::new(), "labels.txt".into());
        bench.request(Request::Start { hub, labels, page_has_webgpu: true }, None);
        bench.run();
        bench
    }

    /// The same with a network on its device, by its index.
    fn with_a_network(has_gpu: bool) -> (Self, usize) {
        let mut bench = Self::of_another_page(has_gpu);
        bench.request(Request::Load(Origin::File("own.safetensors".into())), Some(File::Weights));
        bench.settle();
        let loaded = |report| if let Report::Loaded { network } = report { Some(network) } else { None };
        let network = bench.reports().into_iter().find_map(loaded).expect("it loads");
        bench.use_on(network, None);
        bench.settle();
        (bench, network)
    }

    fn use_on(&mut self, network: usize, backend: Option<Backend>) {
        self.request(Request::Use { network, backend }, None);
    }

    fn reports(&self) -> Vec<Report> {
        let reports: Vec<Report> = self.events().into_iter().filter_map(Report::of).collect();
        for report in &reports {
            let json = serde_json::to_string(report).expect("plain data");
            assert_eq!(serde_json::from_str::<Report>(&json).expect("plain data"), *report);
        }
        reports
    }

    fn failures(&self) -> Vec<LoadFailure> {
        let failed = |report| if let Report::Failed(failure) = report { Some(failure) } else { None };
        self.reports().into_iter().filter_map(failed).collect()
    }

    fn gives_a_lesson(&mut self, id: u64) {
        let classes = [("even", [2, 4]), ("odd", [1, 3])];
        let classes: Vec<LessonClass> =
            classes.map(|(name, pictures)| LessonClass { name: name.into(), pictures: pictures.to_vec() }).into();
        let lesson = Lesson { id, classes };
        for picture in lesson.pictures() {
            self.request(Request::TeachPicture(picture), Some(File::Picture(picture)));
        }
        self.request(Request::Teach(lesson), None);
    }
}

#[test]
fn a_network_is_loaded_used_and_asked() {
    let (mut bench, network) = Bench::with_a_network(true);
    let reports = bench.reports();
    let described = |report: &&Report| matches!(report, Report::Network { index, .. } if *index == network);
    match reports.iter().rfind(described) {
        Some(Report::Network { side: 32, classes: 10, labels: Some(labels), .. }) => assert_eq!(labels.len(), 10),
        other => panic!("{other:?}"),
    }
    assert_eq!(reports.iter().rfind(|report| matches!(report, Report::On(_))), Some(&Report::On(Backend::WebGpu)));
    bench.session.request(Request::Ask(Question { id: 7, top: 1, maps: None, features: false }), None, Some(5));
    bench.run();
    bench.settle();
    match bench.reports().pop() {
        Some(Report::Reply(reply)) => assert!(matches!(reply.outcome, ReplyOutcome::Seen(_)) && reply.id == 7),
        other => panic!("{other:?}"),
    }
    bench.use_on(network, Some(Backend::Cpu));
    bench.settle();
    assert_eq!(bench.reports().pop(), Some(Report::On(Backend::Cpu)));
}

#[test]
fn a_failure_says_what_failed_and_is_told_again_when_it_is_tried_again() {
    let (mut bench, network) = Bench::with_a_network(false);
    bench.use_on(network, Some(Backend::WebGpu));
    bench.settle();
    let problems = |bench: &Bench| bench.failures().iter().map(|failure| failure.problem).collect::<Vec<_>>();
    assert_eq!(problems(&bench), [LoadProblem::Device]);
    bench.request(Request::TryAgain, None);
    bench.settle();
    assert_eq!(problems(&bench), [LoadProblem::Device; 2]);
    bench.request(Request::Load(Origin::File("notes.txt".into())), Some(File::Broken));
    bench.settle();
    assert_eq!(problems(&bench).pop(), Some(LoadProblem::File));
    bench.request(Request::Load(Origin::Named("resnext50_32x4d".into())), None);
    bench.settle();
    assert_eq!(problems(&bench).pop(), Some(LoadProblem::Fetch), "{:?}", bench.failures());
}

#[test]
fn a_lesson_that_is_stopped_is_not_learned_and_the_next_one_is() {
    let (mut bench, _) = Bench::with_a_network(true);
    bench.gives_a_lesson(5);
    bench.settle_until("decode");
    let runs = bench.world.ran.borrow().len();
    bench.request(Request::StopTeaching, None);
    assert!(bench.world.waiting().is_empty(), "{:?}", bench.world.waiting());
    bench.settle();
    assert_eq!(bench.world.ran.borrow().len(), runs, "no picture of it goes through the network");
    let learned = |bench: &Bench| {
        let learned = |event| match event {
            Event::Teaching(Teaching::Learned(learned)) => Some(learned.lesson),
            _ => None,
        };
        bench.events().into_iter().filter_map(learned).collect::<Vec<_>>()
    };
    assert!(learned(&bench).is_empty());
    bench.gives_a_lesson(9);
    bench.settle();
    assert_eq!(learned(&bench), [9]);
}
