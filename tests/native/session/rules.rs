//! One rule at a time.

use cardinal::plan::GpuDtype;
use cardinal::protocol::{Command, Event, LoadStatus, Notice, Work};

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

/// The file has as many bytes as the network's tensors in that type, and is named after the network.
#[test]
fn the_network_on_the_device_is_saved() {
    let mut bench = Bench::started(false);
    let saved = |bench: &Bench| {
        let name = |event| if let Event::Saved { name } = event { Some(name) } else { None };
        bench.events().into_iter().filter_map(name).collect::<Vec<_>>()
    };
    bench.command(Command::Save(GpuDtype::F32), None);
    assert!(saved(&bench).is_empty(), "there is none yet");
    bench.settle();
    for dtype in [GpuDtype::F32, GpuDtype::F16] {
        bench.command(Command::Save(dtype), None);
        bench.settle();
    }
    assert_eq!(saved(&bench), ["resnext-20_8x8d_f32.safetensors", "resnext-20_8x8d_f16.safetensors"]);
    let sizes: Vec<u64> = bench
        .world
        .sent
        .borrow()
        .iter()
        .rev()
        .take(2)
        .map(|file| match file {
            File::Picture(bytes) => *bytes,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(sizes[1] > 8_300_000 && sizes[0] < 4_400_000, "{sizes:?}");
    // Another network is not on the device before it is built.
    bench.turn(1);
    bench.command(Command::Save(GpuDtype::F32), None);
    assert_eq!(saved(&bench).len(), 2);
}
