//! The rules of the device: which backend answers, and what follows where there is no GPU, or it is lost, hangs or answers late.

use cardinal::plan::{PlanKind, WeightDtype};
use cardinal::protocol::{Backend, Command, Event, GpuState, MissingGpu, Notice, Start, Work};

use super::bench::Bench;
use super::fake::{File, Outcome};

const OPENED_AGAIN: Notice = Notice::DeviceLost { hung: false, on_cpu: false };
const LOST_FOR_GOOD: Notice = Notice::DeviceLost { hung: false, on_cpu: true };

/// What ran on what, in the order of the answers.
fn backends(bench: &Bench) -> Vec<Backend> {
    bench.answers().iter().map(|answer| answer.setting.backend).collect()
}

fn gpu_is_missing(bench: &Bench, wanted: MissingGpu) -> bool {
    let state = |event| if let Event::Gpu(state) = event { Some(state) } else { None };
    let last = bench.events().into_iter().filter_map(state).next_back();
    matches!(last, Some(GpuState::Missing { kind, .. }) if kind == wanted)
}

#[test]
fn without_a_gpu_the_cpu_answers_and_one_that_comes_is_taken() {
    let mut bench = Bench::started(false);
    bench.settle();
    assert_eq!(bench.answers()[0].setting.backend, Backend::Cpu);
    bench.world.has_gpu.set(true);
    bench.command(Command::FindGpu, None);
    bench.settle();
    let last = bench.answers().pop().expect("an answer");
    assert_eq!((last.setting.backend, last.logits[2]), (Backend::WebGpu, 0.0));
}

#[test]
fn who_wants_the_gpu_and_has_none_is_told_why() {
    let mut bench = Bench::started(false);
    bench.choose(|choice| choice.backend = Some(Backend::WebGpu));
    bench.settle();
    assert!(bench.answers().is_empty());
    assert!(matches!(bench.last_work(), Work::Failed(failure) if failure.reason.contains("adapter")));
    bench.world.has_gpu.set(true);
    bench.command(Command::TryAgain, None);
    bench.settle();
    assert_eq!(bench.answers().len(), 1);
}

#[test]
fn beside_a_software_adapter_the_cpu_answers_unless_webgpu_is_chosen() {
    let mut bench = Bench::new(true);
    bench.world.is_software.set(true);
    bench.command(Command::Start(Start::default()), None);
    bench.command(Command::Drawn, None);
    bench.choose(|_| {});
    bench.picture(1);
    bench.end("open_gpu");
    assert_eq!(bench.world.downloads.get(), 1, "the weights are not asked for again");
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::Cpu], Work::Ready));
    assert_eq!(bench.world.compiled.get(), 0, "nothing is compiled for what does not run");
    assert!(!bench.events().iter().any(|event| matches!(event, Event::Tuned(_))));
    bench.choose(|choice| choice.backend = Some(Backend::WebGpu));
    bench.settle();
    assert_eq!(backends(&bench), [Backend::Cpu, Backend::WebGpu]);
    assert!(bench.events().iter().any(|event| matches!(event, Event::Tuned(_))));
}

#[test]
fn a_browser_with_webgpu_on_the_page_alone_is_told_so() {
    let text = |page_has_webgpu| {
        let mut bench = Bench::new(false);
        bench.world.has_webgpu.set(false);
        bench.command(Command::Start(Start { page_has_webgpu, ..Start::default() }), None);
        bench.settle();
        let missing = |event| match event {
            Event::Gpu(GpuState::Missing { kind: MissingGpu::NoWebGpu, text }) => Some(text),
            _ => None,
        };
        bench.events().into_iter().find_map(missing).expect("it is told")
    };
    assert!(text(true).contains("not in workers"), "{}", text(true));
    assert!(text(false).starts_with("This browser has no WebGPU"), "{}", text(false));
}

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
fn who_gets_no_answer_about_a_gpu_runs_on_the_cpu_until_there_is_one() {
    let mut bench = Bench::started(true);
    bench.end("sleep");
    assert!(gpu_is_missing(&bench, MissingGpu::NoAnswer));
    assert!(bench.world.waiting().contains(&"open_gpu"), "a late answer is awaited");
    while bench.answers().is_empty() {
        let waiting = bench.world.waiting();
        let next = waiting.iter().position(|what| *what != "open_gpu").expect("it goes on");
        bench.world.end(next, Outcome::Good);
        bench.run();
    }
    assert_eq!(backends(&bench), [Backend::Cpu]);
    bench.end("open_gpu");
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::Cpu, Backend::WebGpu], Work::Ready));
    assert!(bench.notices().is_empty(), "it is taken up quietly");
}

#[test]
fn a_late_no_is_a_no() {
    let mut bench = Bench::started(false);
    bench.end("sleep");
    bench.settle();
    assert!(gpu_is_missing(&bench, MissingGpu::NoAdapter));
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::Cpu], Work::Ready));
    assert!(bench.notices().is_empty());
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

#[test]
fn a_network_on_its_way_is_told_that_there_is_no_gpu() {
    let mut bench = Bench::started(false);
    bench.load(File::Weights);
    bench.turn(1);
    bench.settle();
    assert_eq!(bench.answers().pop().map(|answer| answer.setting.network), Some(bench.networks.len() - 1));
}

#[test]
fn the_gpus_state_is_told() {
    let mut bench = Bench::started(true);
    bench.settle();
    let states: Vec<Event> = bench.events().into_iter().filter(|event| matches!(event, Event::Gpu(_))).collect();
    assert!(matches!(&states[..], [Event::Gpu(GpuState::Asking), Event::Gpu(GpuState::Ready { .. })]));
}

/// What took the place of what was too large, as the notices tell it.
fn smaller(bench: &Bench) -> Vec<(Backend, PlanKind, WeightDtype)> {
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
    const RUNGS: [(Backend, PlanKind, WeightDtype); 3] = [
        (Backend::WebGpu, PlanKind::Fused, WeightDtype::F32),
        (Backend::WebGpu, PlanKind::Fused, WeightDtype::F16),
        (Backend::Cpu, PlanKind::Fused, WeightDtype::F32),
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
    assert_eq!((answer.setting.network, answer.setting.weight_dtype), (bench.networks.len() - 1, WeightDtype::F32));
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
