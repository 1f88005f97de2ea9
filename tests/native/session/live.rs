//! Frames of a camera: each has its answer, nothing is measured between, and the picture is up to date when they end.

use cardinal::protocol::{Backend, Command, Event, Frame, GpuState, Looks, Notice, Timed, Work};

use super::bench::Bench;
use super::fake::Outcome;

impl Bench {
    fn live(&mut self, is_on: bool) {
        self.command(Command::Live(is_on), None);
    }

    fn frames(&self) -> Vec<Frame> {
        let frames = |event| if let Event::Frame(frame) = event { Some(*frame) } else { None };
        self.events().into_iter().filter_map(frames).collect()
    }

    /// The numbers of the frames that were answered.
    fn answered(&self) -> Vec<u64> {
        self.frames().iter().map(|frame| frame.answer.picture).collect()
    }
}

#[test]
fn every_frame_is_answered_and_nothing_is_measured_between() {
    let mut bench = Bench::started(true);
    bench.settle_until("profile");
    bench.live(true);
    let first = bench.frame(7);
    bench.settle();
    let second = bench.frame(8);
    bench.settle();
    assert_eq!(bench.answered(), [first, second]);
    let frame = bench.frames().pop().expect("answered");
    assert_eq!((frame.picture.request.id, frame.picture.width, frame.answer.top.len()), (second, 64, 4));
    assert!(frame.answer.logits.is_empty() && frame.class_activation.is_none());
    assert!(bench.timed().is_empty(), "the measurements wait");
    assert_eq!((bench.last_work(), bench.answers().len()), (Work::Ready, 1));
    // The end of the frames brings the picture up to date, with all that had been left out.
    bench.live(false);
    bench.settle();
    assert!(bench.last_timed().is_some_and(|timed| timed.is_complete()));
    assert_eq!(bench.answers().len(), 1, "the picture's answer is known");
    assert_eq!(bench.frame(9), 4);
    bench.settle();
    assert_eq!(bench.frames().len(), 2, "a frame that comes late is nobody's");
}

#[test]
fn an_odd_frame_does_not_turn_the_answer() {
    let mut bench = Bench::started(true);
    bench.live(true);
    for number in 1..=4 {
        bench.frame(number);
        bench.settle();
    }
    let best = |bench: &Bench| bench.frames().last().expect("answered").answer.top[0].clone();
    let (label, share) = best(&bench);
    assert_eq!(share, 1.0);
    bench.world.sees_another.set(true);
    bench.frame(5);
    bench.settle();
    let (steady, share) = best(&bench);
    assert!(steady == label && (share - 0.8).abs() < 1e-6, "{steady}, {share}");
    for number in 6..=9 {
        bench.frame(number);
        bench.settle();
    }
    assert!(best(&bench).0 != label && (best(&bench).1 - 1.0).abs() < 1e-6);
}

#[test]
fn maps_go_with_the_frames_that_ask_for_them() {
    let mut bench = Bench::started(true);
    bench.live(true);
    bench.command(Command::Look(Looks { class_activation: true, ..Looks::default() }), None);
    let id = bench.frame(3);
    bench.settle();
    let frame = bench.frames().pop().expect("answered");
    let maps = frame.class_activation.expect("asked for");
    assert_eq!((maps.picture, maps.width, maps.maps.len()), (id, 2, frame.answer.top.len()));
    // The stand-in's map is the class and the run.
    assert_eq!(maps.maps[0], [3.0, bench.world.ran.borrow().len() as f32]);
}

#[test]
fn the_dial_turns_under_the_frames() {
    let mut bench = Bench::started(true);
    bench.live(true);
    bench.frame(3);
    bench.settle();
    bench.turn(4);
    // It comes before the network is there, and waits for it.
    let waiting = bench.frame(4);
    assert_eq!(bench.frames().len(), 1);
    bench.settle();
    let frame = bench.frames().pop().expect("answered");
    assert_eq!((frame.answer.picture, frame.answer.setting.config.cardinality), (waiting, 4));
    assert_eq!(bench.frames().len(), 2);
}

#[test]
fn a_frame_survives_the_loss_of_its_device() {
    for (outcome, backend) in [(Outcome::Lost, Backend::WebGpu), (Outcome::Hung, Backend::Cpu)] {
        let mut bench = Bench::started(true);
        bench.live(true);
        bench.settle();
        let id = bench.frame(3);
        bench.end_as("classify", outcome);
        bench.settle();
        assert_eq!(bench.answered(), [id], "{outcome:?}");
        assert_eq!(bench.frames()[0].answer.setting.backend, backend);
        assert!(matches!(bench.notices()[..], [Notice::DeviceLost { .. }]), "{:?}", bench.notices());
    }
}

#[test]
fn frames_that_cannot_be_read_end_in_words_and_the_picture_is_back() {
    let mut bench = Bench::started(true);
    bench.live(true);
    bench.frame(3);
    bench.settle();
    bench.frame(0);
    bench.settle();
    let told = bench
        .events()
        .into_iter()
        .find_map(|event| if let Event::LiveFailed(text) = event { Some(text) } else { None });
    assert_eq!(told.as_deref(), Some("the browser shows no pixels"));
    assert!(bench.last_timed().is_some_and(|timed: Timed| timed.is_complete()), "the picture is measured");
    assert_eq!(bench.frame(4), 4);
    bench.settle();
    assert_eq!(bench.frames().len(), 1, "they have ended");
}

#[test]
fn a_picture_that_comes_between_is_prepared_and_answered_after_them() {
    let mut bench = Bench::started(true);
    bench.live(true);
    bench.frame(3);
    bench.settle();
    let id = bench.picture(5);
    bench.settle();
    let shown = |event: &Event| matches!(event, Event::Picture(picture) if picture.request.id == id);
    assert!(bench.events().iter().any(shown), "the page hears of it, and ends the frames");
    assert_eq!(bench.answers().len(), 0, "frames are what is classified");
    bench.live(false);
    bench.settle();
    assert_eq!(bench.answers().last().map(|answer| answer.picture), Some(id));
    assert!(matches!(
        bench.events().iter().rev().find(|event| matches!(event, Event::Gpu(_))),
        Some(Event::Gpu(GpuState::Ready { .. }))
    ));
}
