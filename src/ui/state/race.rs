//! Two networks in training: what the visitor has chosen, and what the worker that trains has told.

use std::sync::Arc;

use leptos::prelude::*;

use crate::model::ResNextConfig;
use crate::protocol::{
    KeptRace, OwnPictures, RaceCourse, RaceData, RaceFacts, RaceLook, RacePace, RaceStage, RaceTest,
};
use crate::view::race::Family;

/// The curves so far.
#[derive(Clone, Default)]
pub(crate) struct Curves {
    pub losses: [Vec<f32>; 2],
    pub tests: Vec<RaceTest>,
    pub pace: Option<RacePace>,
}

/// What the networks answer, and the weights of their first filters.
type Look = Arc<(RaceLook, Vec<u8>)>;

#[derive(Clone, Copy)]
pub(crate) struct Race {
    pub family: RwSignal<Family>,
    /// The smaller one first.
    pub cardinalities: RwSignal<[usize; 2]>,
    pub data: RwSignal<RaceData>,
    pub epochs: RwSignal<usize>,
    pub seed: RwSignal<u64>,
    pub stage: RwSignal<RaceStage>,
    /// What is known of the race.
    pub facts: RwSignal<Option<Arc<RaceFacts>>>,
    /// The pixels of the example pictures.
    pub examples: RwSignal<Arc<Vec<u8>>>,
    pub curves: RwSignal<Curves>,
    /// What the networks answer, and their first filters.
    pub look: RwSignal<Option<Look>>,
    pub kept: RwSignal<Option<KeptRace>>,
    pub own: RwSignal<Option<OwnPictures>>,
    /// What has happened beside the race, as a sentence.
    pub told: RwSignal<String>,
}

impl Race {
    pub(crate) fn new() -> Self {
        Self {
            family: RwSignal::new(Family::Small),
            cardinalities: RwSignal::new([1, 8]),
            data: RwSignal::new(RaceData::Bundled),
            epochs: RwSignal::new(10),
            seed: RwSignal::new(1),
            stage: RwSignal::new(RaceStage::Idle),
            facts: RwSignal::new(None),
            examples: RwSignal::new(Arc::default()),
            curves: RwSignal::new(Curves::default()),
            look: RwSignal::new(None),
            kept: RwSignal::new(None),
            own: RwSignal::new(None),
            told: RwSignal::new(String::new()),
        }
    }

    /// The networks that are chosen.
    pub(crate) fn networks(self) -> [ResNextConfig; 2] {
        let family = self.family.get();
        self.cardinalities.get().map(|cardinality| family.network(cardinality))
    }

    /// Takes one of the two cardinalities; where it is the other one, that becomes what this one was.
    pub(crate) fn choose(self, place: usize, cardinality: usize) {
        self.cardinalities.update(|both| {
            if both[1 - place] == cardinality {
                both[1 - place] = both[place];
            }
            both[place] = cardinality;
            both.sort_unstable();
        });
    }

    /// Takes a family, with its smallest cardinality and that of the network on the page.
    pub(crate) fn choose_family(self, family: Family) {
        self.family.set(family);
        self.cardinalities.set([1, 8]);
    }

    /// Takes the course from a step on.
    pub(crate) fn take(self, course: RaceCourse) {
        let RaceCourse { from, losses, tests, pace } = course;
        self.curves.update(|curves| {
            for (known, new) in curves.losses.iter_mut().zip(losses) {
                known.truncate(from);
                known.extend(new);
            }
            curves.tests.retain(|test| test.step <= from && tests.iter().all(|new| new.step != test.step));
            curves.tests.extend(tests);
            curves.pace = pace;
        });
    }
}
