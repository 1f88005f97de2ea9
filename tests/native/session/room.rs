//! A device without room for a network: what is smaller takes its place.

use cardinal::plan::{GpuDtype, PlanKind};
use cardinal::protocol::{Backend, Command, Notice, Work};

use super::bench::Bench;
use super::fake::{File, Outcome};

/// What took the place of what was too large, as the notices tell it.
fn smaller(bench: &Bench) -> Vec<(Backend, PlanKind, GpuDtype)> {
    let told = |notice| match notice {
        Notice::TooLarge { needed, now, .. } => {
            assert_eq!(needed, Some(1000));
            (now.backend, now.plan, now.weight_dtype)
        }
        other => panic!("{other:?}"),
    };
    bench.notices().into_iter().map(told).collect()
}

#[test]
fn what_is_too_large_for_the_gpu_is_run_with_less_and_in_the_end_on_the_cpu() {
    const RUNGS: [(Backend, PlanKind, GpuDtype); 3] = [
        (Backend::WebGpu, PlanKind::Fused, GpuDtype::F32),
        (Backend::WebGpu, PlanKind::Fused, GpuDtype::F16),
        (Backend::Cpu, PlanKind::Fused, GpuDtype::F32),
    ];
    for refused in 1..=RUNGS.len() {
        let mut bench = Bench::started(true);
        bench.choose(|choice| (choice.plan, choice.backend) = (PlanKind::Plain, Some(Backend::WebGpu)));
        for _ in 0..refused {
            bench.settle_until("load");
            bench.end_as("load", Outcome::Full);
        }
        bench.settle();
        assert_eq!(smaller(&bench), RUNGS[..refused]);
        let answers = bench.answers();
        let [answer] = &answers[..] else { panic!("{answers:?}") };
        let setting = &answer.setting;
        assert_eq!((setting.backend, setting.plan, setting.weight_dtype), RUNGS[refused - 1]);
        assert_eq!(bench.last_work(), Work::Ready);
        // What is known to be too large is not tried again, until a device is asked for.
        bench.picture(2);
        bench.settle();
        assert_eq!((bench.answers().len(), bench.notices().len()), (2, refused));
        bench.command(Command::FindGpu, None);
        bench.settle();
        assert_eq!(bench.answers().pop().expect("an answer").setting.plan, PlanKind::Plain);
    }
}

#[test]
fn other_networks_leave_the_gpu_before_a_new_one_is_made_smaller() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.load(File::Weights);
    bench.settle_until("load");
    bench.end_as("load", Outcome::Full);
    assert_eq!(bench.world.networks.get(), 0, "the one that ran makes room");
    bench.settle();
    assert_eq!(bench.notices(), []);
    let answer = bench.answers().pop().expect("an answer");
    assert_eq!((answer.setting.network, answer.setting.weight_dtype), (bench.networks.len() - 1, GpuDtype::F32));
}

#[test]
fn where_nothing_has_room_the_network_before_stays() {
    let mut bench = Bench::started(true);
    bench.settle();
    let before = bench.answers();
    bench.load(File::Weights);
    // Once more after the other network has left, with less, and on the CPU.
    for _ in 0..4 {
        bench.settle_until("load");
        bench.end_as("load", Outcome::Full);
    }
    let notices = bench.notices();
    let [Notice::TooLarge { .. }, Notice::TooLarge { .. }, Notice::File { failure, .. }] = &notices[..] else {
        panic!("{notices:?}")
    };
    assert!(failure.reason.contains("not enough memory"), "{failure:?}");
    bench.picture(2);
    bench.settle();
    let answer = bench.answers().pop().expect("an answer");
    assert_eq!((answer.picture, &answer.setting), (2, &before[0].setting));
}
