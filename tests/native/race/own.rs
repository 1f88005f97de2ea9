//! The visitor's own pictures.

use cardinal::protocol::{
    Backend, OwnPicture, OwnPictures, OwnProblem, RaceCommand, RaceData, RaceEvent, RaceSetup, RaceStage,
};

use super::fake::{Bench, setup};

/// Brings so many pictures of each class; the first byte of each is its level.
fn bring(bench: &mut Bench, classes: &[(&str, usize)], broken: usize) -> OwnPictures {
    let (mut list, mut file) = (Vec::new(), Vec::new());
    for (class, &(name, count)) in classes.iter().enumerate() {
        for place in 0..count {
            list.push(OwnPicture { class: name.into(), name: format!("{name} {place}"), bytes: 3 });
            file.extend([60 * class as u8, 1, 2]);
        }
    }
    for byte in file.iter_mut().step_by(3).take(broken) {
        *byte = 255;
    }
    bench.send_with(RaceCommand::Bring(list), Some(file));
    let last = bench.world.events.borrow().last().cloned();
    let Some(RaceEvent::Own(own)) = last else { panic!("{last:?}") };
    own
}

#[test]
fn every_tenth_picture_of_a_class_is_kept_for_the_test() {
    let mut bench = Bench::new();
    let own = bring(&mut bench, &[("cat", 21), ("dog", 10)], 1);
    assert_eq!(own.classes, [("cat".to_owned(), 18, 2), ("dog".to_owned(), 9, 1)]);
    assert_eq!(own.refused, [("cat 0".to_owned(), "it is no picture".to_owned())]);
    assert_eq!((own.left, &own.problem), (0, &None));

    let own_setup = RaceSetup { data: RaceData::Own, ..setup(1) };
    bench.send(RaceCommand::Begin(Box::new(own_setup)));
    bench.until(2);
    bench.send(RaceCommand::Pause);
    bench.turns(50);
    // They are there on the next visit too.
    let mut bench = Bench::on(bench.world);
    bench.send(RaceCommand::Resume(Backend::Cpu));
    bench.finish();
    assert_eq!(bench.stage(), RaceStage::Done);
    let began = bench.world.events.borrow().iter().rev().find_map(|event| match event {
        RaceEvent::Began(facts) => Some(facts.clone()),
        _ => None,
    });
    let facts = began.expect("it began");
    assert_eq!((facts.training_pictures, facts.test_pictures, facts.batch_size), (27, 3, 4));
    assert_eq!(facts.networks.map(|config| config.num_classes), [2, 2]);
    assert_eq!(facts.examples, [(0, 0), (2, 1), (1, 0)]);
}

#[test]
fn too_few_pictures_are_refused() {
    let mut bench = Bench::new();
    assert_eq!(bring(&mut bench, &[("cat", 30)], 0).problem, Some(OwnProblem::Classes));
    assert_eq!(bring(&mut bench, &[("cat", 30), ("dog", 9)], 0).problem, Some(OwnProblem::Few("dog".into())));
    bench.send(RaceCommand::Begin(Box::new(RaceSetup { data: RaceData::Own, ..setup(1) })));
    let RaceStage::Failed(reason) = bench.stage() else { panic!("{:?}", bench.stage()) };
    assert!(reason.contains("no pictures of your own"), "{reason}");
}

#[test]
fn an_archive_is_taken_in_place_of_folders() {
    let mut bench = Bench::new();
    bring(&mut bench, &[("cat", 20), ("dog", 20)], 0);
    let archive = || RaceCommand::Archive { name: "cifar-10-binary.tar.gz".into() };
    bench.send_with(archive(), Some(vec![1]));
    let last = bench.world.events.borrow().last().cloned();
    let Some(RaceEvent::Own(own)) = last else { panic!("{last:?}") };
    assert_eq!((&own.classes[0], &own.problem), (&("dark".to_owned(), 8, 2), &None));
    bench.send_with(archive(), Some(Vec::new()));
    let last = bench.world.events.borrow().last().cloned();
    let Some(RaceEvent::Own(own)) = last else { panic!("{last:?}") };
    assert_eq!(own.refused, [("cifar-10-binary.tar.gz".to_owned(), "it is no archive".to_owned())]);
    bench.send(RaceCommand::Begin(Box::new(RaceSetup { data: RaceData::Own, ..setup(1) })));
    assert!(matches!(bench.stage(), RaceStage::Failed(_)), "{:?}", bench.stage());
}
