//! The picture that is ready, and how the next one is to be prepared.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::image::Preprocess;
use crate::protocol::PictureRequest;
use crate::session::latest::Latest;

/// The picture track.
pub struct PictureTrack<F> {
    pub slot: Latest,
    pub prepared: RefCell<Option<PreparedPicture<F>>>,
    /// How the network of the pass wants pictures prepared; `None` until its weights have been read.
    pub preprocess: RefCell<Option<Preprocess>>,
    /// The id of the newest picture.
    pub last_id: Cell<u64>,
}

/// A picture, prepared for a network.
pub struct PreparedPicture<F> {
    pub request: PictureRequest,
    pub file: F,
    pub preprocess: Preprocess,
    pub tensor: Rc<Vec<f32>>,
}

impl<F> Default for PictureTrack<F> {
    fn default() -> Self {
        Self {
            slot: Latest::default(),
            prepared: RefCell::default(),
            preprocess: RefCell::default(),
            last_id: Cell::new(0),
        }
    }
}

impl<F> PictureTrack<F> {
    /// Whether a picture is being prepared.
    pub fn is_busy(&self) -> bool {
        self.slot.is_busy()
    }

    /// Id and tensor of the picture, if it is prepared for the network of the pass and no newer one is being prepared.
    pub fn ready(&self) -> Option<(u64, Rc<Vec<f32>>)> {
        let prepared = self.prepared.borrow();
        let preprocess = self.preprocess.borrow();
        let prepared = prepared.as_ref().filter(|prepared| Some(&prepared.preprocess) == preprocess.as_ref())?;
        (!self.is_busy()).then(|| (prepared.request.id, prepared.tensor.clone()))
    }
}
