//! Questions about single pictures, each with a reply of its own: what other pages ask of a network.

use serde::{Deserialize, Serialize};

use crate::protocol::{Backend, LoadFailure};

/// A question about one picture; the message carries its file or its pixels. Nothing is shown, measured or kept for it. The next is
/// asked when this one has its [`Reply`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// By which its reply is known.
    pub id: u64,
    /// How many of the most likely classes are named.
    pub top: usize,
    /// The classes whose class activation maps are wanted; an empty list for those that are named.
    pub maps: Option<Vec<usize>>,
    /// Whether the values before the head are wanted.
    pub features: bool,
}

/// The reply to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The [`Question::id`].
    pub id: u64,
    /// What the network says, or why it says nothing.
    pub outcome: ReplyOutcome,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ReplyOutcome {
    /// What the network says.
    Seen(Box<Seen>),
    /// The picture cannot be used: why, as a sentence.
    Picture(String),
    /// A class that the network does not have was asked for, or one of a network without a head.
    NoSuchClass {
        /// How many classes the network has.
        classes: usize,
    },
    /// The network could not run.
    Failed(LoadFailure),
}

/// What a network says of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// What it ran on.
    pub backend: Backend,
    /// Indices, names and probabilities of the most likely classes, the most likely first.
    pub top: Vec<(usize, String, f32)>,
    /// The maps that were asked for.
    pub maps: Option<SeenMaps>,
    /// The values before the head, one per channel of the last block; none where they were not asked for.
    pub features: Vec<f32>,
}

/// Class activation maps of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenMaps {
    /// Indices and names of the classes.
    pub classes: Vec<(usize, String)>,
    /// Columns of a map; those of the last block.
    pub width: usize,
    /// One per class, row by row. They lie over the square that the network sees.
    pub maps: Vec<Vec<f32>>,
}
