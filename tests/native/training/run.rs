//! A run of training: it learns, goes on from a moment that was kept, and refuses what does not fit.

use std::rc::Rc;

use cardinal::Error;
use cardinal::classifier::{Device, TrainingRun, TrainingState};
use cardinal::train::{Network, Pictures, Recipe, Set, TrainError, small};
use cardinal::weights::Metadata;

/// A bar, a pole or a square somewhere on a dark ground, `[side, side, 3]`.
fn shape(class: usize, side: usize, seed: &mut u32) -> Vec<u8> {
    let mut below = |limit: usize| {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*seed >> 8) as usize % limit
    };
    let (w, h) = [(16, 4), (4, 16), (9, 9)][class];
    let (left, top) = (below(side - w), below(side - h));
    let colour = [(); 3].map(|()| 128 + below(128) as u8);
    let inside = |x, y| (left..left + w).contains(&x) && (top..top + h).contains(&y);
    (0..side * side).flat_map(|at| if inside(at % side, at / side) { colour } else { [20, 24, 28] }).collect()
}

fn shapes() -> Rc<Pictures> {
    let side = 32;
    let (mut train, mut test, mut seed) = (Set::default(), Set::default(), 7);
    for (set, count) in [(&mut train, 120), (&mut test, 60)] {
        (0..count).for_each(|at| set.push(&shape(at % 3, side, &mut seed), at % 3));
    }
    let classes = ["bar", "pole", "square"].map(str::to_owned).to_vec();
    Rc::new(Pictures { name: "shapes".into(), classes, side, train, test })
}

const RECIPE: Recipe = Recipe { epochs: 12, batch_size: 20, seed: 3, settings: Recipe::SETTINGS };

fn begin(recipe: Recipe) -> Result<TrainingRun, Error> {
    pollster::block_on(TrainingRun::begin(&Device::Cpu, Network::untrained(small(4, 3), recipe.seed), recipe, shapes()))
}

#[test]
fn it_learns_and_goes_on_anywhere_as_if_it_had_not_been_stopped() {
    pollster::block_on(async {
        let mut run = begin(RECIPE).unwrap();
        assert_eq!((run.steps_per_epoch(), run.steps()), (6, 72));
        let mut kept = None;
        let mut losses = Vec::new();
        while !run.is_done() {
            // In the middle of an epoch.
            if run.step_count() == 33 {
                kept = Some(run.state("half".into()).await.unwrap().to_bytes());
            }
            losses.push(run.step().await.unwrap().loss);
        }
        let (right, of) = run.accuracy().await.unwrap();
        println!("{right} of {of} right; first loss {:.3}, last {:.3}", losses[0], losses[71]);
        assert!(right * 10 > of * 9, "{right} of {of}");

        let mut again = begin(RECIPE).unwrap();
        let state = TrainingState::parse(&kept.unwrap(), again.bn_eps()).unwrap();
        assert_eq!((&state.note[..], state.step), ("half", 33));
        again.restore(state).unwrap();
        let rest: Vec<f64> = {
            let mut rest = Vec::new();
            while !again.is_done() {
                rest.push(again.step().await.unwrap().loss);
            }
            rest
        };
        assert!(rest == losses[33..], "the same losses to the bit");
        assert!(again.network().await.unwrap() == run.network().await.unwrap(), "the same network to the bit");
        // The rows of single pictures are those of all.
        let all = run.probabilities(&(0..60).collect::<Vec<_>>()).await.unwrap();
        let two = run.probabilities(&[59, 4]).await.unwrap();
        for (row, picture) in two.iter().zip([59, 4]) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            let far = row.iter().zip(&all[picture]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(far < 1e-5, "{far}");
        }
    });
}

#[test]
fn what_is_saved_says_how_it_came_about() {
    let run = begin(RECIPE).unwrap();
    let Metadata { classes, dataset, test_accuracy, recipe, .. } = run.metadata(Some(0.5));
    assert_eq!(classes.unwrap(), ["bar", "pole", "square"]);
    assert_eq!((dataset.as_deref(), test_accuracy), (Some("shapes"), Some(0.5)));
    assert!(recipe.unwrap().starts_with("epochs 12, batch 20, rate 0.25, Nesterov momentum 0.9"));
}

#[test]
fn another_runs_state_is_refused_and_changes_nothing() {
    pollster::block_on(async {
        let mut run = begin(RECIPE).unwrap();
        let other = begin(Recipe { seed: 4, ..RECIPE }).unwrap().state(String::new()).await.unwrap();
        let before = run.network().await.unwrap();
        let error = run.restore(other.clone()).unwrap_err();
        assert!(matches!(error, Error::Train(TrainError::OtherRun { .. })), "{error}");
        let bytes = other.to_bytes();
        for cut in [0, 7, 100, bytes.len() - 1] {
            let error = TrainingState::parse(&bytes[..cut], run.bn_eps()).unwrap_err();
            assert!(matches!(error, TrainError::State(_)), "{error}");
        }
        // A state without its velocities.
        let mut own = run.state(String::new()).await.unwrap();
        own.velocities.tensors.clear();
        assert!(matches!(run.restore(own), Err(Error::Cpu(_))));
        assert!(run.network().await.unwrap() == before && run.step_count() == 0);
    });
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |network: Network, pictures: Pictures| {
        let begun = pollster::block_on(TrainingRun::begin(&Device::Cpu, network, RECIPE, Rc::new(pictures)));
        begun.err().map(|error| error.to_string()).unwrap_or_default()
    };
    let shapes = (*shapes()).clone();
    let said = refused(Network::untrained(small(4, 10), 0), shapes.clone());
    assert_eq!(said, "the pictures have 3 classes, the network answers 10; begin with an untrained network");
    let said = refused(Network::untrained(small(4, 3), 0), Pictures { side: 24, ..shapes.clone() });
    assert_eq!(said, "the pictures are 24x24 pixels, the network takes 32x32");
    let said = refused(Network::untrained(small(4, 3), 0), Pictures { test: Set::default(), ..shapes });
    assert_eq!(
        said,
        "shapes: expected pictures of two classes or more to train and test on, got 3 classes with 120 and 0"
    );
}
