//! A device that is lost, again and again, or that hangs: which one follows, and what is told.

use cardinal::protocol::{Backend, Command, MissingGpu, Notice, Work};

use super::bench::Bench;
use super::device::{backends, gpu_is_missing};
use super::fake::{File, Outcome};

const OPENED_AGAIN: Notice = Notice::DeviceLost { hung: false, on_cpu: false };
const LOST_FOR_GOOD: Notice = Notice::DeviceLost { hung: false, on_cpu: true };

#[test]
fn devices_that_are_of_no_use_are_replaced_twice_and_then_the_cpu_answers() {
    let mut bench = Bench::started(true);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    assert!(bench.notices().is_empty(), "what comes of it is not known yet");
    assert_eq!(bench.world.networks.get(), 0, "nothing of the lost device is kept");
    bench.end("open_gpu");
    assert_eq!(bench.notices(), [OPENED_AGAIN]);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    assert_eq!(bench.world.waiting(), ["sleep"], "the driver has a moment");
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    assert_eq!(bench.notices(), [OPENED_AGAIN, OPENED_AGAIN, LOST_FOR_GOOD]);
    assert!(gpu_is_missing(&bench, MissingGpu::Lost));
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::Cpu], Work::Ready));
    // The visitor may ask for it again.
    bench.command(Command::FindGpu, None);
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::Cpu, Backend::WebGpu], Work::Ready));
    assert_eq!(bench.notices().len(), 3);
}

#[test]
fn who_wants_the_gpu_and_loses_it_each_time_is_told_why() {
    let mut bench = Bench::started(true);
    bench.choose(|choice| choice.backend = Some(Backend::WebGpu));
    for _ in 0..3 {
        bench.settle_until("classify");
        bench.end_as("classify", Outcome::Lost);
    }
    bench.settle();
    assert!(matches!(bench.last_work(), Work::Failed(failure) if failure.reason.contains("lost several times")));
    assert_eq!(bench.notices(), [OPENED_AGAIN, OPENED_AGAIN], "the reason stands in the answer's place");
    bench.command(Command::TryAgain, None);
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::WebGpu], Work::Ready));
}

#[test]
fn where_no_gpu_follows_a_lost_one_the_cpu_answers() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.world.has_gpu.set(false);
    bench.picture(2);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    bench.settle();
    assert_eq!(bench.notices(), [LOST_FOR_GOOD]);
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::WebGpu, Backend::Cpu], Work::Ready));
}

/// A GPU process that has died takes some seconds to start anew. The CPU is not taken in its place meanwhile.
#[test]
fn a_gpu_that_is_refused_for_a_while_after_a_loss_is_asked_for_again() {
    let refused = |times: usize| {
        let mut bench = Bench::started(true);
        bench.settle();
        bench.world.has_gpu.set(false);
        bench.world.lose_devices();
        bench.run();
        for _ in 0..times {
            bench.end("open_gpu");
            assert_eq!((bench.notices(), bench.world.waiting()), (vec![], vec!["sleep", "sleep"]), "limit and pause");
            bench.world.end(1, Outcome::Good);
            bench.run();
        }
        bench
    };
    let mut bench = refused(3);
    bench.world.has_gpu.set(true);
    bench.end("open_gpu");
    bench.settle();
    assert_eq!((bench.notices(), backends(&bench)), (vec![OPENED_AGAIN], vec![Backend::WebGpu]));

    let mut bench = refused(8);
    bench.end("open_gpu");
    assert!(gpu_is_missing(&bench, MissingGpu::NoAdapter));
    assert_eq!(bench.notices(), [LOST_FOR_GOOD]);
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::WebGpu, Backend::Cpu], Work::Ready));
}

#[test]
fn a_device_that_runs_in_between_may_be_lost_again() {
    let mut bench = Bench::started(true);
    for number in 2..6 {
        bench.settle_until("classify");
        bench.end_as("classify", Outcome::Lost);
        bench.settle();
        bench.picture(number);
    }
    bench.settle();
    assert_eq!(bench.notices(), vec![OPENED_AGAIN; 4]);
    assert!(backends(&bench).iter().all(|&backend| backend == Backend::WebGpu));
}

#[test]
fn a_device_that_hangs_is_not_asked_for_again() {
    for what in ["classify", "tune", "profile"] {
        let mut bench = Bench::started(true);
        bench.settle_until(what);
        let before = bench.answers().len();
        bench.end_as(what, Outcome::Hung);
        assert_eq!(bench.notices(), [Notice::DeviceLost { hung: true, on_cpu: true }], "{what}");
        assert!(gpu_is_missing(&bench, MissingGpu::Lost), "{what}");
        bench.settle();
        assert_eq!(backends(&bench)[before..], [Backend::Cpu], "{what}");
        assert_eq!(bench.last_work(), Work::Ready, "{what}");
    }
}

#[test]
fn a_loss_at_rest_is_noticed_at_once() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.world.lose_devices();
    bench.run();
    assert!(bench.world.waiting().contains(&"open_gpu"));
    bench.settle();
    assert_eq!(bench.notices(), [OPENED_AGAIN]);
    assert_eq!((bench.answers().len(), bench.last_work()), (1, Work::Ready), "the answer is the same");
}

/// Each of them works until it is lost. What is lost for ever at rest, with nobody there, is given up in the end.
#[test]
fn a_device_is_lost_fifty_times_at_rest_and_not_for_ever() {
    let mut bench = Bench::started(true);
    bench.settle();
    for count in 1..=50 {
        let ran = bench.world.ran.borrow().len();
        bench.world.lose_devices();
        bench.run();
        bench.settle();
        assert_eq!((bench.notices(), bench.last_work()), (vec![OPENED_AGAIN; count], Work::Ready));
        assert!(bench.world.ran.borrow().len() > ran, "whether it works is tried");
    }
    assert_eq!(bench.answers().len(), 1);
    // A picture: somebody is there.
    bench.picture(2);
    bench.settle();
    for _ in 0..99 {
        bench.world.lose_devices();
        bench.run();
        bench.settle();
    }
    assert!(!bench.notices().contains(&LOST_FOR_GOOD));
    bench.world.lose_devices();
    bench.run();
    bench.settle();
    assert_eq!(bench.notices().last(), Some(&LOST_FOR_GOOD));
    assert_eq!(backends(&bench), [Backend::WebGpu, Backend::WebGpu, Backend::Cpu]);
}

/// A driver that no measurement survives: the answer stays, and each of its kinds ends.
#[test]
fn a_measurement_that_costs_the_device_each_time_ends_on_the_cpu() {
    for what in ["tune", "profile"] {
        let mut bench = Bench::started(true);
        for _ in 0..3 {
            bench.settle_until(what);
            bench.end_as(what, Outcome::Lost);
        }
        bench.settle();
        assert_eq!(bench.notices(), [OPENED_AGAIN, OPENED_AGAIN, LOST_FOR_GOOD], "{what}");
        assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::WebGpu, Backend::Cpu], Work::Ready), "{what}");
    }
}

/// Whatever the pass waits for: the loss is not noticed at the next use.
#[test]
fn a_loss_is_noticed_at_once_while_a_picture_is_awaited_or_the_network_is_built() {
    for what in ["decode", "load", "classify", "tune"] {
        let mut bench = Bench::started(true);
        bench.end("open_gpu");
        bench.settle_until(what);
        bench.world.lose_devices();
        bench.run();
        assert!(bench.world.waiting().contains(&"open_gpu"), "{what}: {:?}", bench.world.waiting());
        bench.settle();
        assert_eq!((bench.notices(), bench.last_work()), (vec![OPENED_AGAIN], Work::Ready), "{what}");
        assert_eq!(backends(&bench), [Backend::WebGpu], "{what}");
    }
}

#[test]
fn a_loss_of_what_does_not_run_is_not_told() {
    let mut bench = Bench::started(true);
    bench.choose(|choice| choice.backend = Some(Backend::Cpu));
    bench.settle();
    bench.world.lose_devices();
    bench.settle();
    bench.run();
    bench.settle();
    assert_eq!((bench.notices(), bench.answers().len()), (vec![], 1));
}

#[test]
fn a_network_on_its_way_is_told_that_the_device_is_lost() {
    let mut bench = Bench::started(true);
    for _ in 0..3 {
        bench.settle_until("classify");
        bench.end_as("classify", Outcome::Lost);
    }
    bench.load(File::Weights);
    bench.choose(|choice| choice.backend = Some(Backend::Cpu));
    bench.settle();
    let last = bench.answers().pop().expect("an answer");
    assert_eq!((last.setting.network, last.setting.backend), (bench.networks.len() - 1, Backend::Cpu));
    assert!(bench.last_timed().is_some());
}
