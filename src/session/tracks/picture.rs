//! The picture: the one that is ready, and what is wanted of the next.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::image::Preprocess;
use crate::protocol::PictureRequest;
use crate::session::latest::Latest;

/// The picture track.
pub struct PictureTrack<F> {
    pub slot: Latest,
    pub prepared: RefCell<Option<PreparedPicture<F>>>,
    /// What the network of the pass asks for, once it is known.
    pub preprocess: RefCell<Option<Preprocess>>,
    /// The newest picture that was taken.
    pub last_id: Cell<u64>,
}

/// The picture as a network reads it.
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
    /// Whether a picture is on its way.
    pub fn is_busy(&self) -> bool {
        self.slot.is_busy()
    }

    /// Number and tensor of the picture, if it is ready for the network of the pass and no newer one is coming.
    pub fn ready(&self) -> Option<(u64, Rc<Vec<f32>>)> {
        let prepared = self.prepared.borrow();
        let wanted = self.preprocess.borrow();
        let prepared = prepared.as_ref().filter(|prepared| Some(&prepared.preprocess) == wanted.as_ref())?;
        (!self.is_busy()).then(|| (prepared.request.id, prepared.tensor.clone()))
    }
}
