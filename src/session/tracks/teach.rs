//! Teaching: the pictures with their features, the lesson, and the network that it is learned on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::classifier::Model;
use crate::image::Preprocess;
use crate::model::ResNextConfig;
use crate::protocol::Lesson;

/// The teaching track.
pub struct TeachTrack<F> {
    /// The newest lesson.
    pub lesson: RefCell<Lesson>,
    /// The id of the newest lesson that was learned, or cannot be.
    pub done: Cell<u64>,
    pub pictures: RefCell<Vec<TeachPicture<F>>>,
    /// The network whose head was taught.
    pub base: RefCell<Option<Base>>,
    /// Whether pictures or a lesson are at work: what comes meanwhile is taken up without a new pass.
    pub is_at_work: Cell<bool>,
    /// Milliseconds in which pictures went through the network since a lesson was learned.
    pub features_ms: Cell<f64>,
}

/// A picture that was given to a class.
pub struct TeachPicture<F> {
    pub id: u64,
    pub file: F,
    /// What each network that saw it has before its `fc`.
    pub features: Vec<(BaseKey, Rc<[f32]>)>,
}

/// A network whose features are learned from.
#[derive(Clone)]
pub struct Base {
    pub key: BaseKey,
    pub model: Model,
}

/// What the features of a picture depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseKey {
    /// Index in the list of networks.
    pub network: usize,
    pub config: ResNextConfig,
    pub preprocess: Preprocess,
}

impl<F> Default for TeachTrack<F> {
    fn default() -> Self {
        Self {
            lesson: RefCell::default(),
            done: Cell::new(0),
            pictures: RefCell::default(),
            base: RefCell::default(),
            is_at_work: Cell::new(false),
            features_ms: Cell::new(0.0),
        }
    }
}

impl<F: Clone> TeachTrack<F> {
    /// The first picture that a network is to look at: any that it has not seen, if there is a lesson to be learned; otherwise one
    /// that no network has seen.
    pub fn unseen(&self, key: &BaseKey) -> Option<(u64, F)> {
        let is_due = self.next().is_some();
        let pictures = self.pictures.borrow();
        let is_unseen = |picture: &&TeachPicture<F>| match is_due {
            true => picture.features_of(key).is_none(),
            false => picture.features.is_empty(),
        };
        let unseen = pictures.iter().find(is_unseen)?;
        Some((unseen.id, unseen.file.clone()))
    }

    /// Pictures that a network has seen, and all.
    pub fn progress(&self, key: &BaseKey) -> (usize, usize) {
        let pictures = self.pictures.borrow();
        (pictures.iter().filter(|picture| picture.features_of(key).is_some()).count(), pictures.len())
    }

    /// The lesson that is to be learned, unless the newest was.
    pub fn next(&self) -> Option<Lesson> {
        let lesson = self.lesson.borrow();
        (lesson.id > self.done.get()).then(|| lesson.clone())
    }

    /// The features of a picture; `None` where there is no such picture or the network has not seen it.
    pub fn features(&self, id: u64, key: &BaseKey) -> Option<Rc<[f32]>> {
        let pictures = self.pictures.borrow();
        pictures.iter().find(|picture| picture.id == id)?.features_of(key).cloned()
    }
}

impl<F> TeachPicture<F> {
    fn features_of(&self, key: &BaseKey) -> Option<&Rc<[f32]>> {
        self.features.iter().find(|(of, _)| of == key).map(|(_, features)| features)
    }
}
