//! Teaching: what is to be learned, and what has been.

use serde::{Deserialize, Serialize};

/// The classes that are to be told apart, and their pictures. It is sent whole whenever it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Larger than that of every lesson before.
    pub id: u64,
    /// In the order of the network's answers.
    pub classes: Vec<LessonClass>,
}

impl Lesson {
    /// The ids of all pictures, in the order of their classes.
    pub fn pictures(&self) -> impl Iterator<Item = u64> {
        self.classes.iter().flat_map(|class| class.pictures.iter().copied())
    }
}

/// A class of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonClass {
    /// Its name.
    pub name: String,
    /// The ids of its pictures, as [`Command::TeachPicture`](super::Command::TeachPicture) has them.
    pub pictures: Vec<u64>,
}

/// What has come of the newest pictures and the newest lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Teaching {
    /// A picture that cannot be used.
    Refused {
        /// Its id.
        picture: u64,
        /// Why, as a sentence.
        reason: String,
    },
    /// A lesson was learned, and its network is in the list.
    Learned(Learned),
    /// A lesson cannot be learned.
    Failed {
        /// Its id.
        lesson: u64,
        /// Why, as a sentence.
        reason: String,
    },
}

/// How well a lesson was learned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// The id of the lesson.
    pub lesson: u64,
    /// Index in the list of the network that has learned it.
    pub network: usize,
    /// Index in the list of the network whose features it has learned from.
    pub base: usize,
    /// The L2 that was chosen.
    pub l2: f32,
    /// What each picture is taken for by a head that has learned from all others, in the order of [`Lesson::pictures`].
    pub left_out: Vec<LeftOutPicture>,
    /// Milliseconds in which the last pictures went through the network.
    pub features_ms: f64,
    /// Milliseconds for the choice of the L2, the head, and all pictures left out in turn.
    pub learn_ms: f64,
}

/// What a picture is taken for by a head that has learned from all others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOutPicture {
    /// The picture's id.
    pub picture: u64,
    /// Index of the class that it is taken for.
    pub answer: usize,
    /// The probability of that class.
    pub probability: f32,
    /// Whether it is the picture's own class.
    pub is_right: bool,
}
