//! The batches of a run, each computed from the seed and its place alone, so that a run can go on anywhere.

use std::rc::Rc;

use super::pictures::NUMBERS;
use super::random::Random;
use super::{Normalise, Pictures, Recipe, TrainError};

/// What every step of a run learns from.
pub struct Batches {
    pictures: Rc<Pictures>,
    recipe: Recipe,
    normalise: Normalise,
    /// An epoch and the order of its pictures.
    order: Option<(usize, Vec<usize>)>,
}

impl Batches {
    /// The batches of these pictures by this recipe.
    ///
    /// # Errors
    /// Pictures that [`Pictures::check`] refuses, or [`TrainError::BatchSize`] where a batch is empty or larger than the set.
    pub fn new(pictures: Rc<Pictures>, recipe: Recipe, normalise: Normalise) -> Result<Self, TrainError> {
        pictures.check()?;
        let (got, most) = (recipe.batch_size, pictures.train.count());
        if got == 0 || got > most {
            return Err(TrainError::BatchSize { got, pictures: most });
        }
        Ok(Self { pictures, recipe, normalise, order: None })
    }

    /// What they are made of.
    pub fn pictures(&self) -> &Rc<Pictures> {
        &self.pictures
    }

    /// How they are used.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// How pixels become input.
    pub fn normalise(&self) -> &Normalise {
        &self.normalise
    }

    /// Steps per epoch.
    pub fn per_epoch(&self) -> usize {
        self.recipe.steps_per_epoch(self.pictures.train.count())
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> usize {
        self.recipe.steps(self.pictures.train.count())
    }

    /// The input, `[batch_size, channels, side, side]`, and the labels of a step, counted from 0 over all epochs.
    pub fn batch(&mut self, step: usize) -> (Vec<f32>, Vec<u32>) {
        let (set, size) = (&self.pictures.train, self.recipe.batch_size);
        let (epoch, place) = (step / self.per_epoch(), step % self.per_epoch());
        let mut random = Random::of_epoch(self.recipe.seed, epoch);
        if self.order.as_ref().is_none_or(|(of, _)| *of != epoch) {
            self.order = Some((epoch, random.order(set.count())));
        } else {
            random.skip(set.count() - 1);
        }
        random.skip(place * size * NUMBERS);
        let (mut input, mut labels) = (Vec::new(), Vec::new());
        for &picture in self.order.iter().flat_map(|(_, order)| &order[place * size..][..size]) {
            self.normalise.push_random(set, picture, &mut random, &mut input);
            labels.push(set.labels[picture]);
        }
        (input, labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(seed: u64) -> Batches {
        let side = 5;
        let mut train = super::super::Set::default();
        for picture in 0..7_u8 {
            let pixels: Vec<u8> = (0..75).map(|at| picture * 30 + at % 20).collect();
            train.push(&pixels, usize::from(picture % 2));
        }
        let classes = vec!["even".into(), "odd".into()];
        let pictures = Pictures { name: "numbers".into(), classes, side, test: train.clone(), train };
        let recipe = Recipe { epochs: 3, batch_size: 2, seed, settings: Recipe::SETTINGS };
        let normalise = Normalise { side, mean: vec![0.0; 3], std: vec![1.0; 3] };
        Batches::new(Rc::new(pictures), recipe, normalise).unwrap()
    }

    #[test]
    fn a_batch_depends_on_its_place_alone() {
        let mut one = batches(4);
        assert_eq!((one.per_epoch(), one.steps()), (3, 9));
        let all: Vec<_> = (0..9).map(|step| one.batch(step)).collect();
        for step in [8, 1, 0, 5, 4] {
            assert!(batches(4).batch(step) == all[step], "step {step}, fresh");
            assert!(one.batch(step) == all[step], "step {step}, again");
        }
        assert!(all[0] != all[3] && batches(5).batch(0) != all[0], "epochs and seeds differ");
        assert_eq!(all[0].0.len(), 2 * 75);
    }

    #[test]
    fn what_fills_no_batch_is_refused() {
        let Batches { pictures, recipe, normalise, .. } = batches(1);
        for batch_size in [0, 8] {
            let refused = Batches::new(pictures.clone(), Recipe { batch_size, ..recipe }, normalise.clone());
            assert_eq!(refused.err(), Some(TrainError::BatchSize { got: batch_size, pictures: 7 }));
        }
        let one_class = Pictures { classes: vec!["even".into()], ..(*pictures).clone() };
        let refused = Batches::new(Rc::new(one_class), recipe, normalise).err();
        assert!(matches!(refused, Some(TrainError::Pictures { classes: 1, trained: 7, tested: 7, .. })), "{refused:?}");
    }
}
