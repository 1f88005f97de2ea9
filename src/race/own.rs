//! The visitor's own pictures: decoded one after the other, and every tenth of a class kept for the test.

use std::rc::Rc;

use super::host::Host;
use super::state::Race;
use crate::protocol::{OwnPicture, OwnPictures, OwnProblem, RaceEvent};
use crate::train::{KEPT, Pictures, Set};

/// Side of a picture as the networks see it, in pixels: that of CIFAR-10.
pub const SIDE: usize = 32;
/// Pictures of CIFAR-10.
const ARCHIVED: usize = 60_000;
/// Milliseconds from one report to the next.
const REPORT_MS: f64 = 200.0;

impl<H: Host> Race<H> {
    /// Reads pictures, in place of those that are being read.
    pub(super) fn bring(&self, list: Vec<OwnPicture>, file: H::File) {
        let race = self.clone();
        self.own.take();
        self.spawn_in(&self.reading, async move { race.read(list, file).await });
    }

    /// Reads an archive of CIFAR-10, in place of what is being read.
    pub(super) fn unpack(&self, name: String, file: H::File) {
        let race = self.clone();
        self.own.take();
        self.spawn_in(&self.reading, async move {
            let left = OwnPictures { left: ARCHIVED, ..OwnPictures::default() };
            race.emit(RaceEvent::Own(left));
            let told = match race.host.archive(&file).await {
                Ok(pictures) => {
                    let count = |set: &Set, class| set.labels.iter().filter(|label| **label == class).count();
                    let class = |(name, class): (&String, u32)| {
                        (name.clone(), count(&pictures.train, class), count(&pictures.test, class))
                    };
                    let classes = pictures.classes.iter().zip(0..).map(class).collect();
                    *race.own.borrow_mut() = Some(Rc::new(pictures));
                    OwnPictures { classes, ..OwnPictures::default() }
                }
                Err(reason) => OwnPictures {
                    refused: vec![(name, reason)],
                    problem: Some(OwnProblem::Classes),
                    ..OwnPictures::default()
                },
            };
            race.emit(RaceEvent::Own(told));
        });
    }

    async fn read(&self, list: Vec<OwnPicture>, file: H::File) {
        let mut told = OwnPictures { left: list.len(), ..OwnPictures::default() };
        let mut names: Vec<String> = list.iter().map(|picture| picture.class.clone()).collect();
        names.sort();
        names.dedup();
        told.classes = names.iter().map(|name| (name.clone(), 0, 0)).collect();
        self.emit(RaceEvent::Own(told.clone()));
        let (mut train, mut test) = (Set::default(), Set::default());
        let (mut start, mut reported) = (0, self.host.now());
        for OwnPicture { class, name, bytes } in list {
            let part = start..start + bytes;
            start = part.end;
            told.left -= 1;
            let Ok(label) = names.binary_search(&class) else { continue };
            match self.host.picture(&file, part, SIDE).await {
                Ok(pixels) => {
                    let (_, trained, tested) = &mut told.classes[label];
                    let is_tenth = (*trained + *tested) % KEPT == KEPT - 1;
                    let (set, count) = if is_tenth { (&mut test, tested) } else { (&mut train, trained) };
                    set.push(&pixels, label);
                    *count += 1;
                }
                Err(reason) => told.refused.push((name, reason)),
            }
            if self.host.now() - reported > REPORT_MS {
                reported = self.host.now();
                self.emit(RaceEvent::Own(told.clone()));
                self.host.turn().await;
            }
        }
        told.problem = problem(&told.classes);
        if told.problem.is_none() {
            let name = format!("{} pictures in {} folders", train.count() + test.count(), names.len());
            *self.own.borrow_mut() = Some(Rc::new(Pictures { name, classes: names, side: SIDE, train, test }));
        }
        self.emit(RaceEvent::Own(told));
    }
}

/// Why no race can begin with so many pictures to train on and to test on.
fn problem(classes: &[(String, usize, usize)]) -> Option<OwnProblem> {
    if classes.len() < 2 {
        return Some(OwnProblem::Classes);
    }
    let few = classes.iter().find(|(_, trained, tested)| trained + tested < KEPT);
    few.map(|(name, ..)| OwnProblem::Few(name.clone()))
}
