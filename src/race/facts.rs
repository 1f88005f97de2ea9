//! What follows from the pictures and the setup of a race.

use crate::model::ResNextConfig;
use crate::plan::Hyperparameters;
use crate::protocol::{RaceFacts, RaceSetup};
use crate::train::{Pictures, Recipe, Set};

/// Test pictures whose answers are shown.
const EXAMPLES: usize = 6;
/// Between two tests, at least this many times as many pictures are learned as a test has: the tests take a twelfth of the time.
const LEARNED_PER_TESTED: usize = 4;

/// Pictures per step: 64, less where that would leave few steps per epoch.
fn batch_size(pictures: usize) -> usize {
    (pictures / 16).clamp(4, 64).min(pictures)
}

pub(super) fn facts(setup: &RaceSetup, pictures: &Pictures) -> RaceFacts {
    let classes = pictures.classes.len();
    let (training_pictures, test_pictures) = (pictures.train.count(), pictures.test.count());
    let batch_size = batch_size(training_pictures);
    let steps = recipe(setup, batch_size).steps(training_pictures);
    RaceFacts {
        data: pictures.name.clone(),
        classes: pictures.classes.clone(),
        training_pictures,
        test_pictures,
        side: pictures.side,
        batch_size,
        epochs: setup.epochs,
        steps,
        networks: setup.networks.clone().map(|config| ResNextConfig { num_classes: classes, ..config }),
        examples: examples(&pictures.test, classes),
    }
}

/// The recipe of the command line. Its learning rate is for batches of 128; that of smaller ones falls with the square root, as the
/// noise of their gradients rises.
pub(super) fn recipe(setup: &RaceSetup, batch_size: usize) -> Recipe {
    let lr = Recipe::SETTINGS.lr * (batch_size as f32 / 128.0).sqrt();
    Recipe { epochs: setup.epochs, batch_size, seed: setup.seed, settings: Hyperparameters { lr, ..Recipe::SETTINGS } }
}

/// The first test picture of each class, then the second ones, and so on; each with its class.
fn examples(test: &Set, classes: usize) -> Vec<(usize, usize)> {
    let of = |class: usize| test.labels.iter().enumerate().filter(move |(_, label)| **label as usize == class);
    let rounds = (0..EXAMPLES).flat_map(|round| (0..classes).map(move |class| (round, class)));
    let places = rounds.filter_map(|(round, class)| of(class).nth(round).map(|(place, _)| (place, class)));
    places.take(EXAMPLES).collect()
}

/// The pixels of the examples, one after the other.
pub(super) fn example_pixels(facts: &RaceFacts, pictures: &Pictures) -> Vec<u8> {
    let bytes = facts.side * facts.side * 3;
    let of = |&(place, _): &(usize, usize)| pictures.test.pixels.get(place * bytes..(place + 1) * bytes);
    facts.examples.iter().filter_map(of).flatten().copied().collect()
}

/// Steps from one test to the next, at most an epoch.
pub(super) fn test_every(facts: &RaceFacts) -> usize {
    (LEARNED_PER_TESTED * facts.test_pictures).div_ceil(facts.batch_size).clamp(1, epoch(facts))
}

/// Steps of an epoch.
pub(super) fn epoch(facts: &RaceFacts) -> usize {
    (facts.training_pictures / facts.batch_size).max(1)
}
