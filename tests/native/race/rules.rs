//! Steps in turns, rests, ends, reloads, losses.

use cardinal::protocol::{Backend, KeptRace, RaceCommand, RaceEvent, RaceSetup, RaceStage};
use cardinal::weights::Checkpoint;

use super::fake::{Bench, setup, undisturbed};

#[test]
fn both_step_in_turns_are_tested_at_each_epoch_and_saved() {
    let mut bench = Bench::new();
    bench.send(RaceCommand::Begin(Box::new(setup(2))));
    bench.finish();
    assert_eq!(bench.stages(), [RaceStage::Preparing, RaceStage::Running, RaceStage::Done]);
    // 24 pictures in batches of 4, twice.
    assert_eq!(*bench.world.stepped.borrow(), [1, 2].repeat(12));
    let losses = bench.losses();
    assert!(losses.iter().all(|losses| losses.len() == 12 && losses.iter().all(|loss| loss.is_finite())), "{losses:?}");
    let tests: Vec<usize> = bench
        .world
        .events
        .borrow()
        .iter()
        .filter_map(|event| if let RaceEvent::Course(course) = event { Some(course.tests.clone()) } else { None })
        .flatten()
        .map(|test| test.step)
        .collect();
    assert_eq!(tests, [0, 6, 12]);

    bench.send(RaceCommand::Save { network: 1, for_page: false });
    let file = bench.world.files.borrow_mut().pop().expect("a file");
    let checkpoint = Checkpoint::parse(file).expect("it is whole");
    assert_eq!(checkpoint.config().cardinality, 2);
    assert_eq!(checkpoint.metadata().classes.as_deref().expect("names"), ["dark", "grey", "light"]);
    assert!(checkpoint.metadata().test_accuracy.is_some());
}

#[test]
fn a_race_that_rests_and_is_reloaded_has_the_same_curve_to_the_bit() {
    let expected = undisturbed(3);
    let mut bench = Bench::new();
    bench.send(RaceCommand::Begin(Box::new(setup(3))));
    bench.until(4);
    bench.send(RaceCommand::Pause);
    bench.turns(50);
    assert_eq!(bench.stage(), RaceStage::Paused);
    let stepped = bench.world.stepped.borrow().len();
    bench.turns(50);
    assert_eq!(bench.world.stepped.borrow().len(), stepped, "it rests");
    bench.send(RaceCommand::GoOn);
    bench.until(8);
    bench.send(RaceCommand::Pause);
    bench.turns(50);

    // Another visit.
    bench.world.events.take();
    let mut bench = Bench::on(bench.world);
    bench.send(RaceCommand::Open);
    let kept = bench.world.events.borrow().last().cloned();
    let Some(RaceEvent::Kept(Some(kept))) = kept else { panic!("{kept:?}") };
    let KeptRace { step, facts, .. } = *kept;
    assert!((8..=9).contains(&step) && facts.steps == 18, "{step}");
    bench.send(RaceCommand::Resume(Backend::Cpu));
    bench.finish();
    assert_eq!(bench.stage(), RaceStage::Done);
    assert_eq!(bench.losses(), expected);
}

/// A race on a GPU that is lost when it is used after this many steps, as often as this says.
fn lossy(at: usize, times: usize) -> Bench {
    let bench = Bench::new();
    bench.world.loses.set((at, times));
    bench
}

fn begin_on_gpu(bench: &mut Bench) {
    bench.send(RaceCommand::Begin(Box::new(RaceSetup { backend: Backend::WebGpu, ..setup(3) })));
    bench.finish();
}

/// The backends of the steps, and how many on each in a row.
fn runs(bench: &Bench) -> Vec<(Backend, usize)> {
    let mut runs: Vec<(Backend, usize)> = Vec::new();
    for &backend in bench.world.stepped_on.borrow().iter() {
        match runs.last_mut() {
            Some((last, count)) if *last == backend => *count += 1,
            _ => runs.push((backend, 1)),
        }
    }
    runs
}

fn was_told(bench: &Bench, event: &RaceEvent) -> bool {
    bench.world.events.borrow().contains(event)
}

#[test]
fn a_lost_device_is_told_and_the_race_goes_on_from_what_was_kept() {
    let expected = undisturbed(3);
    let mut bench = lossy(9, 1);
    // An epoch takes six seconds, so each is kept.
    bench.world.step_ms.set(500.0);
    begin_on_gpu(&mut bench);
    assert!(was_told(&bench, &RaceEvent::Lost { step: 6 }));
    assert_eq!((bench.stage(), bench.losses()), (RaceStage::Done, expected.clone()));

    // After a loss each step is kept, so that it is lost at another one next time.
    let mut bench = lossy(2, 2);
    begin_on_gpu(&mut bench);
    assert!(was_told(&bench, &RaceEvent::Lost { step: 0 }));
    assert_eq!((bench.stage(), bench.losses()), (RaceStage::Done, expected));
}

#[test]
fn the_cpu_goes_on_while_the_device_is_opened_again() {
    let mut bench = lossy(4, 1);
    bench.world.compiles.set(6);
    begin_on_gpu(&mut bench);
    let [(Backend::WebGpu, 8), (Backend::Cpu, on_cpu), (Backend::WebGpu, again)] = runs(&bench)[..] else {
        panic!("{:?}", runs(&bench))
    };
    assert!((4..=20).contains(&on_cpu), "{on_cpu} steps while 12 turns pass");
    // Nothing was kept before the loss.
    assert_eq!(on_cpu + again, 2 * 18);
    assert_eq!((bench.stage(), bench.losses()), (RaceStage::Done, undisturbed(3)));
}

#[test]
fn what_is_asked_for_as_the_device_is_lost_is_done_after_it() {
    for (command, stage) in [(RaceCommand::Pause, RaceStage::Paused), (RaceCommand::Stop, RaceStage::Stopped)] {
        let mut bench = lossy(4, 1);
        bench.send(RaceCommand::Begin(Box::new(RaceSetup { backend: Backend::WebGpu, ..setup(3) })));
        bench.until(4);
        bench.send(command);
        bench.finish();
        assert!(was_told(&bench, &RaceEvent::Lost { step: 0 }));
        assert_eq!(bench.stage(), stage);
    }
}

#[test]
fn a_device_that_comes_back_late_is_taken_and_one_that_does_not_is_given_up() {
    let given_up = |bench: &Bench| {
        let told = bench.world.events.borrow();
        told.iter().find_map(|event| if let RaceEvent::OnCpu(reason) = event { Some(reason.clone()) } else { None })
    };
    let mut bench = lossy(4, 1);
    bench.world.refuses.set(5);
    begin_on_gpu(&mut bench);
    assert_eq!((given_up(&bench), runs(&bench).last().map(|(backend, _)| *backend)), (None, Some(Backend::WebGpu)));

    let mut bench = lossy(4, 1);
    bench.world.refuses.set(99);
    begin_on_gpu(&mut bench);
    assert!(given_up(&bench).expect("it is told").contains("No graphics adapter"), "{:?}", given_up(&bench));
    assert_eq!(runs(&bench), [(Backend::WebGpu, 8), (Backend::Cpu, 36)]);
    assert_eq!((bench.stage(), bench.losses()), (RaceStage::Done, undisturbed(3)));

    // One that comes back each time, and is lost before its first step is done.
    let mut bench = lossy(0, 99);
    begin_on_gpu(&mut bench);
    assert_eq!(given_up(&bench).as_deref(), Some("The GPU was lost several times in a row."));
    assert_eq!((bench.stage(), bench.losses()), (RaceStage::Done, undisturbed(3)));
    assert_eq!(bench.world.loses.get(), (0, 96));
}

#[test]
fn what_is_stopped_is_forgotten_and_can_be_saved() {
    let mut bench = Bench::new();
    bench.send(RaceCommand::Begin(Box::new(setup(3))));
    bench.until(3);
    bench.send(RaceCommand::Pause);
    bench.turns(50);
    assert!(bench.world.kept.borrow().contains_key("race"));
    bench.send(RaceCommand::Stop);
    bench.turns(50);
    assert_eq!(bench.stage(), RaceStage::Stopped);
    assert!(bench.world.kept.borrow().is_empty());
    bench.send(RaceCommand::GoOn);
    let stepped = bench.world.stepped.borrow().len();
    bench.turns(50);
    assert_eq!(bench.world.stepped.borrow().len(), stepped, "what has ended does not go on");
    bench.send(RaceCommand::Save { network: 0, for_page: true });
    assert_eq!(bench.world.files.borrow().len(), 1);
}

#[test]
fn a_newer_race_takes_the_place_of_the_older() {
    let mut bench = Bench::new();
    bench.send(RaceCommand::Begin(Box::new(setup(3))));
    bench.until(3);
    bench.world.stepped.borrow_mut().clear();
    bench.send(RaceCommand::Begin(Box::new(setup(1))));
    bench.finish();
    assert_eq!(bench.world.stepped.borrow().len(), 12, "the older makes no step any more");
    assert_eq!(bench.losses(), undisturbed(1));
}

#[test]
fn what_takes_long_is_asked_about_after_two_timed_steps() {
    let mut bench = Bench::new();
    bench.world.step_ms.set(25_000.0);
    bench.send(RaceCommand::Begin(Box::new(setup(3))));
    bench.finish();
    let RaceStage::Asking(seconds) = bench.stage() else { panic!("{:?}", bench.stage()) };
    // Three of 18 steps are done, and each takes 50 s.
    assert!((749.0..760.0).contains(&seconds), "{seconds}");
    bench.send(RaceCommand::GoOn);
    bench.finish();
    assert_eq!(bench.stage(), RaceStage::Done);
    assert_eq!(bench.losses(), undisturbed(3));
}

#[test]
fn a_kept_race_that_is_broken_is_none() {
    let mut bench = Bench::new();
    bench.send(RaceCommand::Begin(Box::new(setup(1))));
    bench.finish();
    let whole = bench.world.kept.borrow()["race"].clone();
    for length in [0, 7, 8, 100, whole.len() / 2, whole.len() - 1] {
        bench.world.kept.borrow_mut().insert("race", whole[..length].to_vec());
        bench.send(RaceCommand::Resume(Backend::Cpu));
        bench.finish();
        let RaceStage::Failed(reason) = bench.stage() else { panic!("{length}: {:?}", bench.stage()) };
        assert!(reason.contains("not there any more"), "{reason}");
    }
    bench.send(RaceCommand::Discard);
    assert_eq!(bench.world.events.borrow().last(), Some(&RaceEvent::Kept(None)));
    assert!(bench.world.kept.borrow().is_empty());
}
