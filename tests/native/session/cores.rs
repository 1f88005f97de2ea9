//! The cores of the processor that share a network.

use cardinal::protocol::{CoreCounts, Event, Notice, Work};

use super::bench::Bench;
use super::fake::Outcome;

/// A session without a GPU, on a machine of so many cores, of which `best` are the fastest.
fn on(cores: usize, best: usize) -> Bench {
    let mut bench = Bench::new(false);
    bench.world.cores.set(cores);
    bench.world.best_cores.set(best);
    bench.begin();
    bench
}

fn told(bench: &Bench) -> Vec<CoreCounts> {
    let cores = |event| if let Event::Cores(cores) = event { Some(cores) } else { None };
    bench.events().into_iter().filter_map(cores).collect()
}

/// The numbers of cores of all answers.
fn answers(bench: &Bench) -> Vec<usize> {
    bench.answers().iter().map(|answer| answer.setting.cores).collect()
}

#[test]
fn two_answer_and_then_as_many_as_are_fastest() {
    let mut bench = on(4, 4);
    bench.settle_until("time_cores");
    assert_eq!((answers(&bench), bench.last_work()), (vec![2], Work::Sharing), "the answer does not wait for it");
    bench.settle();
    assert_eq!(answers(&bench), [2, 4]);
    assert_eq!(told(&bench), [vec![], vec![(0, 4)]].map(|measured| CoreCounts { most: 4, measured }));
    assert!(bench.timed().iter().all(|timed| timed.setting.cores == 4), "the others were not timed");
    assert_eq!(bench.last_work(), Work::Ready);
    // It is measured once.
    bench.picture(7);
    bench.settle();
    assert_eq!((answers(&bench).last(), told(&bench).len()), (Some(&4), 2));
}

#[test]
fn where_two_are_best_nothing_is_built_again() {
    let mut bench = on(2, 2);
    bench.settle();
    assert_eq!(answers(&bench), [2]);
    assert_eq!(told(&bench).last(), Some(&CoreCounts { most: 2, measured: vec![(0, 2)] }));
}

#[test]
fn what_is_chosen_is_not_measured() {
    let mut bench = on(4, 4);
    bench.choose(|choice| choice.cores = Some(1));
    bench.settle();
    assert_eq!((answers(&bench).last(), told(&bench).len()), (Some(&1), 1));
    // A machine has no more than it has.
    bench.choose(|choice| choice.cores = Some(8));
    bench.settle();
    assert_eq!(answers(&bench).last(), Some(&4));
}

#[test]
fn one_core_has_nothing_to_share_with() {
    let mut bench = on(1, 1);
    bench.settle();
    assert_eq!((answers(&bench), told(&bench).len()), (vec![1], 1));
}

/// Where no workers can be started, or one ends, the session's own thread computes all.
#[test]
fn without_cores_the_sessions_own_thread_answers() {
    for what in ["load", "classify", "time_cores"] {
        let mut bench = on(4, 4);
        bench.settle_until(what);
        bench.end_as(what, Outcome::Lost);
        bench.settle();
        assert_eq!((answers(&bench).last(), bench.last_work()), (Some(&0), Work::Ready), "{what}");
        assert_eq!(told(&bench).last(), Some(&CoreCounts::default()), "{what}");
        assert!(matches!(&bench.notices()[..], [Notice::CoresFailed(_)]), "{what}: {:?}", bench.notices());
    }
}
