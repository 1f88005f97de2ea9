//! The laboratory's measurement: interleaved, stopped and resumed, and what disturbs it.

use cardinal::protocol::{Backend, Command, Laboratory, Setting, Work};

use super::bench::Bench;
use super::fake::Outcome;

const STOPS: [usize; 3] = [1, 8, 32];

/// A bench that has measured all that was chosen, and what it is to measure in the laboratory.
fn settled(has_gpu: bool, runs: usize) -> (Bench, Laboratory) {
    let mut bench = Bench::started(has_gpu);
    bench.settle();
    let own = bench.answers()[0].setting.clone();
    let stops = STOPS.map(|stop| Setting { config: bench.stop(stop), ..own.clone() });
    bench.world.ran.take();
    bench.world.loads.set(0);
    (bench, Laboratory::new(stops.to_vec(), runs))
}

fn told(bench: &Bench) -> Vec<Laboratory> {
    let events = bench.events().into_iter();
    events
        .filter_map(|event| if let cardinal::protocol::Event::Laboratory(told) = event { Some(told) } else { None })
        .collect()
}

fn last(bench: &Bench) -> Laboratory {
    told(bench).pop().expect("it tells how far it is")
}

fn counts(laboratory: &Laboratory) -> Vec<usize> {
    laboratory.stops.iter().map(|stop| stop.wall.len()).collect()
}

/// Ends waits until this many networks have run.
fn settle_until_ran(bench: &mut Bench, count: usize) {
    while bench.world.ran.borrow().len() < count {
        bench.world.end(0, Outcome::Good);
        bench.run();
    }
}

#[test]
fn runs_are_interleaved_and_networks_stay_loaded() {
    let (mut bench, laboratory) = settled(false, 3);
    bench.command(Command::Measure(laboratory), None);
    assert!(last(&bench).is_running);
    settle_until_ran(&mut bench, 9);
    assert_eq!(bench.world.networks.get(), 1 + STOPS.len());
    bench.settle();
    assert_eq!(*bench.world.ran.borrow(), [STOPS; 3].concat());
    assert_eq!((bench.world.loads.get(), bench.world.networks.get()), (STOPS.len(), 1), "loaded once, and gone again");
    let last = last(&bench);
    assert_eq!((counts(&last), last.is_running, last.redone(), last.in_turn), (vec![3; 3], false, 0, false));
    assert_eq!((last.stops[0].gpu.len(), &last.agreement), (3, &None));
    assert!(bench.works().contains(&Work::Measuring { done: 0, total: 9 }));
    assert_eq!((bench.last_work(), bench.last_work().phase()), (Work::Ready, "ready"));
    // It is over: nothing is measured again.
    bench.picture(2);
    bench.settle();
    assert_eq!(bench.world.ran.borrow().len(), 10);
}

#[test]
fn nothing_is_measured_unasked() {
    let (bench, _) = settled(true, 3);
    assert!(told(&bench).is_empty());
}

#[test]
fn it_stops_and_goes_on_with_what_it_has() {
    let (mut bench, laboratory) = settled(false, 3);
    bench.command(Command::Measure(laboratory), None);
    settle_until_ran(&mut bench, 4);
    bench.settle_until("turn");
    bench.end("turn");
    bench.command(Command::StopMeasuring, None);
    bench.settle();
    let stopped = last(&bench);
    assert_eq!((counts(&stopped), stopped.is_running), (vec![2, 1, 1], false));
    assert_eq!(bench.world.networks.get(), 1, "its networks left the device");
    bench.world.ran.take();
    bench.command(Command::Measure(stopped), None);
    bench.settle();
    assert_eq!(*bench.world.ran.borrow(), [8, 32, 1, 8, 32]);
    assert_eq!(counts(&last(&bench)), [3; 3]);
}

#[test]
fn a_picture_comes_first_and_the_measurement_goes_on() {
    let (mut bench, laboratory) = settled(false, 3);
    bench.command(Command::Measure(laboratory), None);
    settle_until_ran(&mut bench, 4);
    bench.picture(2);
    bench.settle();
    assert_eq!(bench.answers().len(), 2);
    assert_eq!(counts(&last(&bench)), [3; 3]);
    assert_eq!(bench.world.loads.get(), STOPS.len(), "the networks were kept meanwhile");
}

#[test]
fn a_hidden_page_is_waited_for_and_its_run_redone() {
    let (mut bench, laboratory) = settled(false, 2);
    bench.command(Command::Measure(laboratory), None);
    settle_until_ran(&mut bench, 1);
    // Hidden while the first run is under way.
    bench.command(Command::Hidden(true), None);
    bench.settle();
    let waiting = last(&bench);
    assert_eq!((waiting.is_hidden, counts(&waiting), waiting.redone()), (true, vec![0; 3], 1));
    bench.command(Command::Hidden(false), None);
    bench.settle();
    let last = last(&bench);
    assert_eq!((last.is_hidden, counts(&last), last.redone()), (false, vec![2; 3], 1));
    assert_eq!(*bench.world.ran.borrow(), [1, 1, 8, 32, 1, 8, 32]);
}

#[test]
fn a_measurement_can_be_stopped_while_the_page_is_hidden() {
    let (mut bench, laboratory) = settled(false, 2);
    bench.command(Command::Hidden(true), None);
    bench.command(Command::Measure(laboratory), None);
    bench.settle();
    assert!(last(&bench).is_hidden && bench.world.ran.borrow().is_empty());
    bench.command(Command::StopMeasuring, None);
    bench.settle();
    assert_eq!((last(&bench).is_running, last(&bench).is_hidden, bench.last_work()), (false, false, Work::Ready));
}

#[test]
fn a_run_beside_a_busy_machine_is_redone() {
    let (mut bench, laboratory) = settled(false, 2);
    bench.command(Command::Measure(laboratory), None);
    bench.settle_until("classify");
    bench.end("classify");
    // The empty turn after the run takes long.
    bench.world.advance(60.0);
    bench.settle();
    assert_eq!((counts(&last(&bench)), last(&bench).redone()), (vec![2; 3], 1));
    assert_eq!(bench.world.ran.borrow()[..2], [1, 1]);
}

#[test]
fn networks_that_do_not_fit_together_are_loaded_in_turn() {
    let (mut bench, laboratory) = settled(false, 2);
    bench.world.more_bytes.set(500 << 20);
    bench.command(Command::Measure(laboratory), None);
    settle_until_ran(&mut bench, 4);
    assert_eq!(bench.world.networks.get(), 1 + 2, "a gigabyte of networks, and the one that answers");
    bench.settle();
    let last = last(&bench);
    assert_eq!((last.in_turn, counts(&last), bench.world.loads.get()), (true, vec![2; 3], 6));
}

#[test]
fn a_device_that_is_full_has_room_for_one() {
    let (mut bench, laboratory) = settled(false, 1);
    bench.command(Command::Measure(laboratory), None);
    settle_until_ran(&mut bench, 1);
    bench.settle_until("load");
    bench.end_as("load", Outcome::Full);
    bench.settle();
    assert_eq!((last(&bench).in_turn, counts(&last(&bench))), (true, vec![1; 3]));
}

#[test]
fn a_stop_that_cannot_run_says_why_and_the_others_are_measured() {
    let (mut bench, laboratory) = settled(false, 2);
    bench.command(Command::Measure(laboratory), None);
    bench.settle_until("load");
    bench.end_as("load", Outcome::Bad);
    bench.settle();
    let last = last(&bench);
    assert!(last.stops[0].refused.as_ref().is_some_and(|reason| reason.contains("refused")), "{:?}", last.stops[0]);
    assert_eq!((counts(&last), last.progress()), (vec![0, 2, 2], (4, 4)));
}

#[test]
fn the_two_backends_are_compared_at_the_end() {
    let (mut bench, laboratory) = settled(true, 1);
    bench.command(Command::Measure(laboratory), None);
    bench.settle();
    let agreement = last(&bench).agreement.expect("there is a GPU");
    // The stand-in's logits are the picture's number, the cardinality, and 0 or 1 for the backend.
    assert_eq!((agreement.difference, agreement.network.as_str()), (0.125, "ResNeXt-20 8×8d"));
}

#[test]
fn a_lost_device_is_replaced_and_the_measurement_goes_on() {
    let (mut bench, laboratory) = settled(true, 2);
    assert_eq!(bench.backend(), Backend::WebGpu);
    bench.command(Command::Measure(laboratory), None);
    settle_until_ran(&mut bench, 2);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    bench.settle();
    assert_eq!((counts(&last(&bench)), last(&bench).is_running), (vec![2; 3], false));
}

/// Runs with other kernels are other measurements.
#[test]
fn new_kernels_begin_anew() {
    let (mut bench, laboratory) = settled(true, 2);
    bench.command(Command::Measure(laboratory), None);
    settle_until_ran(&mut bench, 4);
    bench.settle_until("turn");
    bench.end("turn");
    bench.world.finds_kernels.set(true);
    bench.command(Command::Tune, None);
    bench.world.ran.take();
    bench.settle();
    let last = last(&bench);
    assert_eq!(counts(&last), [2; 3]);
    assert!(bench.world.ran.borrow().iter().filter(|ran| STOPS.contains(ran)).count() >= 6, "{:?}", bench.world.ran);
}

#[test]
fn it_begins_while_the_other_cardinalities_are_timed() {
    // In the middle of the sweep, and during its last run.
    for swept in [2, 4] {
        let mut bench = Bench::started(false);
        bench.settle_until_swept(swept);
        if swept == 4 {
            // The fifth is the last: four of its five runs.
            for _ in 0..4 {
                bench.settle_until("classify");
                bench.end("classify");
            }
            bench.settle_until("classify");
        }
        let own = bench.answers()[0].setting.clone();
        let stops = STOPS.map(|stop| Setting { config: bench.stop(stop), ..own.clone() });
        bench.command(Command::Measure(Laboratory::new(stops.to_vec(), 3)), None);
        bench.settle();
        let last = last(&bench);
        assert_eq!((counts(&last), last.is_running), (vec![3; 3], false), "after {swept} stops");
    }
}
