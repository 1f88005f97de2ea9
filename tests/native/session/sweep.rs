//! What is timed without being chosen: the stops of the dial, and what the page asks for.

use cardinal::model::ResNextConfig;
use cardinal::protocol::{Backend, Command, Notice, Setting, Timed, Work};

use super::bench::Bench;
use super::fake::{File, Outcome};

const RUNS: usize = 5;

/// Cardinality, backend and number of runs of each setting that was timed, in order, the choice's own excepted.
fn swept(bench: &Bench) -> Vec<(usize, Backend, usize)> {
    let own = |timed: &Timed| timed.runs == bench.choice.runs;
    let row = |timed: Timed| (timed.setting.config.cardinality, timed.setting.backend, timed.wall.len());
    bench.timed().into_iter().filter(|timed| !own(timed)).map(row).collect()
}

/// The stops of the first network's dial, without the one that is chosen at first.
const OTHERS: [usize; 5] = [1, 2, 4, 16, 32];

#[test]
fn every_stop_is_timed_on_both_backends_after_all_that_was_chosen() {
    let mut bench = Bench::started(true);
    bench.settle();
    let on = |backend, stops: &[usize]| stops.iter().map(|&stop| (stop, backend, RUNS)).collect::<Vec<_>>();
    let all = [on(bench.backend(), &OTHERS), on(bench.backend().other(), &[1, 2, 4, 8, 16, 32])].concat();
    assert_eq!(swept(&bench), all);
    assert_eq!((bench.last_work(), bench.world.networks.get()), (Work::Ready, 1), "they are gone again");
    assert!(bench.notices().is_empty());
    let told = bench.works().into_iter().filter(|work| matches!(work, Work::Sweeping { .. })).collect::<Vec<_>>();
    assert_eq!(told.first(), Some(&Work::Sweeping { done: 1, total: 12 }));
    assert!(told.iter().all(|work| work.phase() == "ready"), "the choice is up to date");
    // Nothing is timed twice.
    bench.picture(2);
    bench.settle();
    assert_eq!(swept(&bench), all);
}

#[test]
fn without_a_gpu_there_is_no_other_backend() {
    let mut bench = Bench::started(false);
    bench.settle();
    assert_eq!(swept(&bench), OTHERS.map(|stop| (stop, Backend::Cpu, RUNS)));
}

#[test]
fn without_measuring_only_what_the_page_asks_for_is_timed() {
    let mut bench = Bench::started(false);
    bench.choose(|choice| choice.measure = false);
    bench.settle();
    assert!(bench.timed().is_empty());
    let setting = Setting { config: bench.stop(4), ..bench.answers()[0].setting.clone() };
    bench.command(Command::Time(vec![setting]), None);
    bench.settle();
    assert_eq!(swept(&bench), [(4, Backend::Cpu, RUNS)]);
}

#[test]
fn a_command_stops_the_sweep_which_goes_on_later() {
    let mut bench = Bench::started(false);
    bench.settle_until_swept(2);
    bench.picture(2);
    bench.end("turn");
    assert_eq!((bench.last_work(), bench.world.waiting()), (Work::Ready, vec!["decode"]));
    assert_eq!(swept(&bench).len(), 2);
    bench.settle();
    assert_eq!(bench.answers().len(), 2);
    assert_eq!(swept(&bench), OTHERS.map(|stop| (stop, Backend::Cpu, RUNS)), "each of them once");
}

#[test]
fn accuracy_does_not_wait_for_the_sweep() {
    let mut bench = Bench::started(false);
    bench.settle_until_swept(1);
    bench.command(Command::Evaluate(true), None);
    bench.settle_until("test_sheet");
    assert_eq!(swept(&bench).len(), 1);
    bench.settle();
    assert_eq!(swept(&bench).len(), OTHERS.len(), "then it goes on");
}

#[test]
fn the_runs_of_the_sweep_count_when_their_stop_is_chosen() {
    let mut bench = Bench::started(false);
    bench.settle();
    bench.choice.runs = RUNS + 2;
    bench.turn(4);
    bench.settle();
    let own: Vec<usize> =
        bench.timed().iter().filter(|timed| timed.runs == RUNS + 2).map(|timed| timed.wall.len()).collect();
    assert_eq!(own, [RUNS + 1, RUNS + 2]);
}

#[test]
fn what_cannot_be_timed_is_left_out_in_silence() {
    let mut bench = Bench::started(false);
    bench.settle_until_swept(1);
    bench.settle_until("load");
    bench.end_as("load", Outcome::Bad);
    bench.settle();
    bench.picture(2);
    bench.settle();
    assert_eq!(swept(&bench).iter().map(|(stop, ..)| *stop).collect::<Vec<_>>(), [1, 4, 16, 32]);
    assert!(bench.notices().is_empty());
    assert_eq!(bench.last_work(), Work::Ready);
}

/// ResNet-50 and ResNeXt-50, on the device of what was timed first.
fn pair(bench: &Bench) -> [Setting; 2] {
    let own = bench.timed()[0].setting.clone();
    let network = bench.networks.len() - 1;
    [(1, 64), (32, 4)].map(|(cardinality, base_width)| Setting {
        network,
        config: ResNextConfig::imagenet([3, 4, 6, 3], cardinality, base_width),
        ..own.clone()
    })
}

#[test]
fn what_was_asked_for_and_cannot_be_timed_is_told_and_tried_again() {
    let mut bench = Bench::started(false);
    bench.settle();
    let [first, second] = pair(&bench);
    let count = |bench: &Bench, of: &Setting| bench.timed().iter().filter(|timed| timed.setting == *of).count();
    bench.command(Command::Time(vec![first.clone(), second.clone()]), None);
    bench.settle_until("load");
    bench.end_as("load", Outcome::Bad);
    bench.settle();
    let notices = bench.notices();
    assert!(matches!(&notices[..], [Notice::NotTimed { title, .. }] if *title == first.config.title()), "{notices:?}");
    assert_eq!((count(&bench, &first), count(&bench, &second)), (0, 1));
    // Pressed again: what failed is tried again, and what is known stays known.
    bench.command(Command::Time(vec![first.clone(), second.clone()]), None);
    bench.settle();
    assert_eq!((count(&bench, &first), count(&bench, &second)), (1, 1));
}

#[test]
fn what_the_page_asks_for_comes_first() {
    let mut bench = Bench::started(false);
    bench.settle_until_swept(1);
    let own = bench.timed()[0].setting.clone();
    let pair = pair(&bench);
    bench.command(Command::Time(pair.to_vec()), None);
    bench.settle();
    let settings: Vec<Setting> = bench.timed().into_iter().map(|timed| timed.setting).collect();
    let place = |setting: &Setting| settings.iter().position(|one| one == setting).expect("it was timed");
    assert!(place(&pair[0]) < place(&pair[1]));
    let last = Setting { config: bench.stop(32), ..own };
    assert!(place(&pair[1]) < place(&last));
}

#[test]
fn a_network_that_comes_in_takes_the_room_of_the_sweeps_own() {
    let mut bench = Bench::started(true);
    bench.settle_until_swept(1);
    bench.settle_until("classify");
    assert_eq!(bench.world.networks.get(), 2, "the one that answers, and the one that is timed");
    bench.load(File::Weights);
    assert_eq!(bench.world.networks.get(), 1, "before it is brought to the device");
    bench.settle();
    assert_eq!(bench.answers().last().map(|answer| answer.setting.network), Some(bench.choice.network));
}
