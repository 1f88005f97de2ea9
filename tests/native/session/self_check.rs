//! The rules of the self-check: when kernels are checked, and what follows where one of them is wrong.

use cardinal::protocol::{Backend, Command, Event, GpuState, MissingGpu, Notice, Work};

use super::bench::Bench;
use super::fake::Outcome;

fn notice(on_cpu: bool) -> Notice {
    Notice::WrongResults { layer: "layer1.0.conv2".into(), error: None, adapter: "stand-in".into(), on_cpu }
}

/// The cardinality of each check.
fn checked(bench: &Bench) -> Vec<usize> {
    let of = |event| if let Event::SelfCheck(check) = event { Some(check.setting.config.cardinality) } else { None };
    bench.events().into_iter().filter_map(of).collect()
}

#[test]
fn kernels_are_checked_after_the_answer_and_again_after_tuning() {
    let mut bench = Bench::started(true);
    bench.settle_until("self_check");
    assert_eq!(bench.answers().len(), 1, "the answer does not wait for it");
    bench.settle();
    assert_eq!(checked(&bench), [8, 8], "before and after tuning");
    bench.turn(1);
    bench.settle();
    bench.turn(8);
    bench.settle();
    assert_eq!(checked(&bench), [8, 8, 1], "a setting is checked once");
    bench.command(Command::SelfCheck, None);
    bench.settle();
    assert_eq!(checked(&bench), [8, 8, 1, 8], "or when that is asked for");
}

#[test]
fn the_cpu_is_not_checked_and_without_measurements_only_who_asks_is_told() {
    let mut bench = Bench::started(false);
    bench.settle();
    assert!(checked(&bench).is_empty());
    let mut bench = Bench::started(true);
    bench.choose(|choice| choice.measure = false);
    bench.settle();
    assert!(checked(&bench).is_empty());
    bench.command(Command::SelfCheck, None);
    bench.settle();
    assert_eq!(checked(&bench), [8]);
}

#[test]
fn a_wrong_kernel_gives_way_to_another_and_the_picture_is_answered_again() {
    let mut bench = Bench::started(true);
    bench.world.wrong_kernels.set(2);
    bench.world.other_kernels.set(5);
    bench.settle();
    assert_eq!(bench.notices(), [notice(false), notice(false)]);
    let backends: Vec<Backend> = bench.answers().iter().map(|answer| answer.setting.backend).collect();
    assert_eq!(backends, [Backend::WebGpu; 3], "each kernel's answer is replaced");
    assert_eq!((bench.world.loads.get() >= 3, bench.last_work()), (true, Work::Ready));
    assert_eq!(bench.world.wrong_kernels.get(), 0);
}

#[test]
fn where_no_kernel_is_right_the_cpu_answers_whatever_was_chosen() {
    for backend in [None, Some(Backend::WebGpu)] {
        let mut bench = Bench::started(true);
        bench.choose(|choice| choice.backend = backend);
        bench.world.wrong_kernels.set(2);
        bench.world.other_kernels.set(1);
        bench.settle();
        assert_eq!(bench.notices(), [notice(false), notice(true)]);
        assert_eq!((bench.backend(), bench.last_work()), (Backend::Cpu, Work::Ready));
        let missing =
            |event: &Event| matches!(event, Event::Gpu(GpuState::Missing { kind: MissingGpu::WrongResults, .. }));
        assert!(bench.events().iter().any(missing));
        let gpu_times =
            |event: &Event| matches!(event, Event::Timed(timed) if timed.setting.backend == Backend::WebGpu);
        assert!(!bench.events().iter().any(gpu_times), "what is wrong is not timed");
        // After an update of the driver, perhaps.
        bench.command(Command::FindGpu, None);
        bench.settle();
        assert_eq!((bench.backend(), checked(&bench).len() >= 3), (Backend::WebGpu, true));
    }
}

#[test]
fn a_network_with_values_outside_of_f16_is_built_again_and_answers() {
    let mut bench = Bench::started(true);
    bench.settle_until("classify");
    let loads = bench.world.loads.get();
    bench.end_as("classify", Outcome::OutsideF16);
    bench.settle_until("classify");
    assert_eq!((bench.answers().len(), bench.world.loads.get()), (0, loads + 1), "what was computed does not count");
    bench.settle();
    assert_eq!((bench.backend(), bench.last_work()), (Backend::WebGpu, Work::Ready));
    assert!(bench.notices().is_empty() && bench.answers().len() == 1);
}

#[test]
fn a_device_lost_in_its_check_is_replaced() {
    let mut bench = Bench::started(true);
    bench.settle_until("self_check");
    bench.end_as("self_check", Outcome::Lost);
    bench.settle();
    assert_eq!((bench.backend(), bench.last_work()), (Backend::WebGpu, Work::Ready));
    assert!(!checked(&bench).is_empty());
}
