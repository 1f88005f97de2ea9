//! Frames: whether they come, the one at work, and the answers that steady the next.

use std::cell::{Cell, RefCell};

use crate::session::latest::Latest;
use crate::session::steady::Steady;

/// The track of frames.
#[derive(Default)]
pub struct LiveTrack {
    pub slot: Latest,
    /// Whether frames come in the place of the picture.
    pub is_on: Cell<bool>,
    pub steady: RefCell<Steady>,
}
