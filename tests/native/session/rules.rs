//! One rule at a time.

use cardinal::protocol::{Backend, Command, Event, GpuState, LoadStatus, MissingGpu, Notice, Start, Work};

use super::bench::Bench;
use super::fake::{File, Outcome};

#[test]
fn the_first_answer_comes_in_the_order_of_the_steps() {
    let mut bench = Bench::started(true);
    // Device, picture and weights come side by side.
    let mut waiting = bench.world.waiting();
    waiting.sort_unstable();
    assert_eq!(waiting, ["decode", "download", "open_gpu", "sleep"]);
    bench.settle();
    let (answers, timed) = (bench.answers(), bench.last_timed().expect("it was timed"));
    assert_eq!(answers.len(), 1);
    assert_eq!((answers[0].picture, answers[0].logits.as_slice()), (1, &[1.0, 8.0, 0.0][..]));
    assert_eq!(answers[0].top[0].0, "cat", "the file's own names");
    assert_eq!((timed.wall.len(), timed.gpu.len(), timed.runs), (3, 3, 3));
    assert_eq!(bench.last_work(), Work::Ready);
    assert!(bench.notices().is_empty());
    let place = |wanted: fn(&Event) -> bool| bench.events().iter().position(wanted).expect("it was told");
    let order = [
        place(|event| matches!(event, Event::Answer(_))),
        place(|event| matches!(event, Event::Tuned(tuned) if tuned.key.is_some())),
        place(|event| matches!(event, Event::Profile(_))),
        place(|event| matches!(event, Event::Timed(_))),
    ];
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn without_measuring_the_answer_is_all() {
    let mut bench = Bench::started(true);
    bench.choose(|choice| choice.measure = false);
    bench.settle();
    assert_eq!((bench.answers().len(), bench.last_work()), (1, Work::Ready));
    assert!(bench.last_timed().is_none());
    assert!(!bench.events().iter().any(|event| matches!(event, Event::Tuned(_) | Event::Profile(_))));
}

#[test]
fn a_newer_picture_stops_the_older_and_loads_nothing_again() {
    let mut bench = Bench::started(true);
    bench.settle_until("profile");
    let loads = bench.world.networks.get();
    bench.picture(2);
    bench.picture(3);
    assert_eq!(bench.world.waiting().iter().filter(|what| **what == "decode").count(), 1, "the second was dropped");
    bench.settle();
    assert_eq!(bench.answers().iter().map(|answer| answer.logits[0]).collect::<Vec<_>>(), [1.0, 3.0]);
    assert_eq!(bench.world.networks.get(), loads, "the same network");
}

#[test]
fn a_picture_that_comes_while_the_weights_do_waits_for_them() {
    let mut bench = Bench::started(true);
    bench.end("open_gpu");
    bench.end("decode");
    bench.picture(2);
    bench.end("decode");
    assert_eq!(bench.world.waiting(), ["download"], "it is not asked for again");
    bench.settle();
    assert_eq!(bench.answers().iter().map(|answer| answer.picture).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_picture_that_cannot_be_used_leaves_the_answer() {
    let mut bench = Bench::started(true);
    bench.settle();
    let before = bench.answers();
    bench.drop_file(File::Broken);
    bench.settle();
    assert_eq!(bench.answers(), before);
    assert_eq!(bench.last_work(), Work::Ready);
    assert!(matches!(&bench.notices()[..], [Notice::Picture { title, .. }] if title == "picture 2"));
    // The older picture is still there for another network.
    bench.turn(1);
    bench.settle();
    assert_eq!(bench.answers().last().map(|answer| answer.picture), Some(1));
}

#[test]
fn turning_back_and_forth_ends_at_the_last() {
    let mut bench = Bench::started(true);
    bench.settle_until("load");
    for cardinality in [1, 32, 8, 32, 1] {
        bench.turn(cardinality);
    }
    bench.settle();
    let answers = bench.answers();
    assert_eq!(answers.len(), 1, "what was turned past never ran");
    assert_eq!(answers[0].logits[1], 1.0);
    assert_eq!(bench.world.networks.get(), 1, "one network on the device");
}

#[test]
fn what_never_comes_is_turned_away_from() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.turn(32);
    assert_eq!(bench.world.waiting(), ["download"]);
    bench.turn(8);
    bench.settle();
    assert_eq!(bench.answers().last().expect("an answer").logits[1], 8.0);
    assert_eq!(bench.last_work(), Work::Ready);
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
    assert!(matches!(bench.last_work(), Work::Failed(text) if text.contains("adapter")));
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

/// What ran on what, in the order of the answers.
fn backends(bench: &Bench) -> Vec<Backend> {
    bench.answers().iter().map(|answer| answer.setting.backend).collect()
}

fn gpu_is_missing(bench: &Bench, wanted: MissingGpu) -> bool {
    let state = |event| if let Event::Gpu(state) = event { Some(state) } else { None };
    let last = bench.events().into_iter().filter_map(state).next_back();
    matches!(last, Some(GpuState::Missing { kind, .. }) if kind == wanted)
}

const OPENED_AGAIN: Notice = Notice::DeviceLost { hung: false, on_cpu: false };
const LOST_FOR_GOOD: Notice = Notice::DeviceLost { hung: false, on_cpu: true };

#[test]
fn a_lost_device_is_replaced_once_and_then_the_cpu_answers() {
    let mut bench = Bench::started(true);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    assert!(bench.notices().is_empty(), "what comes of it is not known yet");
    assert_eq!(bench.world.networks.get(), 0, "nothing of the lost device is kept");
    bench.end("open_gpu");
    assert_eq!(bench.notices(), [OPENED_AGAIN]);
    bench.settle_until("classify");
    bench.end_as("classify", Outcome::Lost);
    assert_eq!(bench.notices(), [OPENED_AGAIN, LOST_FOR_GOOD]);
    assert!(gpu_is_missing(&bench, MissingGpu::Lost));
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::Cpu], Work::Ready));
    // The visitor may ask for it again.
    bench.command(Command::FindGpu, None);
    bench.settle();
    assert_eq!((backends(&bench), bench.last_work()), (vec![Backend::Cpu, Backend::WebGpu], Work::Ready));
    assert_eq!(bench.notices().len(), 2);
}

#[test]
fn who_wants_the_gpu_and_loses_it_twice_is_told_why() {
    let mut bench = Bench::started(true);
    bench.choose(|choice| choice.backend = Some(Backend::WebGpu));
    for _ in 0..2 {
        bench.settle_until("classify");
        bench.end_as("classify", Outcome::Lost);
    }
    bench.settle();
    assert!(matches!(bench.last_work(), Work::Failed(text) if text.contains("lost twice")));
    assert_eq!(bench.notices(), [OPENED_AGAIN], "the reason stands in the answer's place");
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
    // Nothing has run since.
    bench.world.lose_devices();
    bench.settle();
    bench.run();
    assert_eq!(bench.notices(), [OPENED_AGAIN, LOST_FOR_GOOD]);
    bench.settle();
    assert_eq!(backends(&bench), [Backend::WebGpu, Backend::Cpu]);
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
    for _ in 0..2 {
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
fn what_fails_after_the_answer_leaves_it() {
    for what in ["tune", "profile"] {
        let mut bench = Bench::started(true);
        bench.settle_until(what);
        bench.end_as(what, Outcome::Bad);
        assert_eq!((bench.answers().len(), bench.last_work()), (1, Work::Ready), "{what}");
        assert!(matches!(&bench.notices()[..], [Notice::Failed(_)]), "{what}");
    }
}

#[test]
fn other_kernels_void_the_times_and_build_the_network_again() {
    let mut bench = Bench::started(true);
    bench.world.finds_kernels.set(true);
    bench.settle();
    let tuned = bench.events().into_iter().find_map(|event| match event {
        Event::Tuned(tuned) => Some(tuned),
        _ => None,
    });
    let tuned = tuned.expect("it tuned");
    assert!(tuned.changed && tuned.key.is_some_and(|key| key.ends_with("stand-in")));
    assert_eq!(bench.world.networks.get(), 1);
    assert_eq!(bench.answers().len(), 1, "the answer is the same");
}

#[test]
fn a_network_from_disk_takes_the_place_when_it_is_whole() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.load(File::Weights);
    assert_eq!(bench.answers().len(), 1);
    bench.settle();
    let (last, own) = (bench.answers().pop().expect("an answer"), bench.networks.len() - 1);
    assert_eq!((last.setting.network, bench.choice.network), (own, own));
    assert_eq!(bench.networks[own].title, "own.safetensors");
    assert_eq!(bench.world.networks.get(), 1, "it was built once, and the former one is gone");
}

#[test]
fn a_file_that_is_no_network_leaves_the_one_that_runs() {
    let mut bench = Bench::started(true);
    bench.settle();
    let before = bench.answers();
    bench.load(File::Broken);
    bench.settle();
    assert_eq!((bench.answers(), bench.last_work()), (before, Work::Ready));
    assert!(matches!(&bench.notices()[..], [Notice::File { .. }]));
    assert!(bench.events().contains(&Event::Load(None)));
}

#[test]
fn nothing_is_timed_beside_a_network_that_comes_in() {
    let mut bench = Bench::started(true);
    bench.settle_until("profile");
    bench.load(File::Weights);
    bench.end("profile");
    while bench.world.waiting().contains(&"turn") {
        bench.end("turn");
    }
    assert_eq!(bench.world.waiting(), ["load"]);
    bench.command(Command::CancelLoad, None);
    bench.settle();
    assert_eq!(bench.last_timed().map(|timed| timed.wall.len()), Some(3), "it goes on when that is given up");
    assert!(!bench.events().iter().any(|event| matches!(event, Event::Loaded { .. })));
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
fn a_load_that_failed_can_be_tried_again() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.command(Command::Load(cardinal::protocol::Origin::Url("https://nowhere/a.safetensors".into())), None);
    bench.settle();
    let failures = |bench: &Bench| {
        let failed =
            |event: &Event| matches!(event, Event::Load(Some(load)) if matches!(load.status, LoadStatus::Failed(_)));
        bench.events().into_iter().filter(failed).count()
    };
    assert_eq!(failures(&bench), 1);
    bench.command(Command::RetryLoad, None);
    bench.settle();
    assert_eq!(failures(&bench), 2);
}

#[test]
fn accuracy_is_measured_stopped_and_goes_on() {
    let mut bench = Bench::started(true);
    bench.settle();
    let answered = |bench: &Bench| {
        let evaluated = |event| if let Event::Evaluated(known) = event { Some(known.answers.len()) } else { None };
        bench.events().into_iter().filter_map(evaluated).next_back()
    };
    bench.command(Command::Evaluate(true), None);
    for _ in 0..50 {
        bench.settle_until("classify");
        bench.end("classify");
    }
    bench.command(Command::Evaluate(false), None);
    bench.settle();
    let first = answered(&bench).expect("some answers");
    assert!((50..60).contains(&first), "{first}");
    assert_eq!(bench.last_work(), Work::Ready);
    bench.command(Command::Evaluate(true), None);
    bench.settle();
    assert_eq!(answered(&bench), Some(200));
    let is_last = |event: &Event| matches!(event, Event::Evaluated(known) if known.answers.len() == 200);
    assert_eq!(bench.events().iter().filter(|event| is_last(event)).count(), 1, "the last answer is sent once");
    bench.command(Command::Evaluate(true), None);
    bench.settle_until("classify");
    assert_eq!(answered(&bench), Some(0), "measured again from the beginning");
}

#[test]
fn a_choice_of_no_network_is_left_alone() {
    let mut bench = Bench::started(true);
    bench.settle();
    let before = bench.events().len();
    bench.choose(|choice| choice.network = 99);
    bench.settle();
    assert_eq!(bench.events().len(), before);
}

#[test]
fn the_gpus_state_is_told() {
    let mut bench = Bench::started(true);
    bench.settle();
    let states: Vec<Event> = bench.events().into_iter().filter(|event| matches!(event, Event::Gpu(_))).collect();
    assert!(matches!(&states[..], [Event::Gpu(GpuState::Asking), Event::Gpu(GpuState::Ready(_))]));
}
