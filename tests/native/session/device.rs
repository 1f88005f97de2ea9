//! The rules of the device: which backend answers, and what follows where there is no GPU, or it answers late.

use cardinal::protocol::{Backend, Command, Event, GpuState, MissingGpu, Start, Work};

use super::bench::Bench;
use super::fake::{File, Outcome};

/// What ran on what, in the order of the answers.
pub(super) fn backends(bench: &Bench) -> Vec<Backend> {
    bench.answers().iter().map(|answer| answer.setting.backend).collect()
}

pub(super) fn gpu_is_missing(bench: &Bench, wanted: MissingGpu) -> bool {
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
