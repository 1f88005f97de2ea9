//! Where the pieces of a file lie: in the browser's cache, or as blobs in its memory.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::shelf::{Note, Shelf};
use crate::platform::{get, slice};
use crate::store::{Kept, NotKept};

enum Place {
    Cached,
    Memory(Blob),
}

pub(super) struct Pieces {
    shelf: Option<Shelf>,
    places: RefCell<Vec<Place>>,
    kept: Cell<Kept>,
    /// Whether what the cache has is of this download.
    begun: Cell<bool>,
    /// The piece read last: tensors are small and come in order.
    last: RefCell<Option<(usize, Blob)>>,
}

impl Pieces {
    /// None yet.
    pub(super) async fn none(href: &str, keep: bool) -> Self {
        let shelf = Shelf::of(href).await;
        let kept = match &shelf {
            None => Kept::Memory(NotKept::NoCache),
            Some(_) if !keep => Kept::Memory(NotKept::Unwanted),
            Some(_) => Kept::Cache,
        };
        Self {
            shelf,
            places: RefCell::default(),
            kept: Cell::new(kept),
            begun: Cell::new(false),
            last: RefCell::default(),
        }
    }

    pub(super) fn kept(&self) -> Kept {
        self.kept.get()
    }

    pub(super) fn count(&self) -> usize {
        self.places.borrow().len()
    }

    /// What the cache has of the file, and how many pieces from the first on.
    pub(super) async fn found(&self) -> Option<(Note, u64)> {
        let shelf = self.shelf.as_ref()?;
        Some((shelf.note().await?, shelf.pieces().await))
    }

    /// Takes up the first `count` pieces that the cache has.
    pub(super) fn take_up(&self, count: u64, complete: bool) {
        *self.places.borrow_mut() = (0..count).map(|_| Place::Cached).collect();
        self.begun.set(count > 0);
        if complete {
            self.kept.set(Kept::Cache);
        }
    }

    /// Forgets where the pieces lie; what the cache has stays there until the first new piece comes.
    pub(super) fn drop_all(&self) {
        self.places.borrow_mut().clear();
        self.begun.set(false);
        self.last.take();
    }

    /// Removes the file from the cache too.
    pub(super) async fn remove(&self) {
        self.drop_all();
        if let Some(shelf) = &self.shelf {
            shelf.clear().await;
        }
    }

    /// Lays down the next piece, in memory for now.
    pub(super) fn place(&self, bytes: &[u8]) -> Result<Blob, JsValue> {
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
        self.places.borrow_mut().push(Place::Memory(blob.clone()));
        Ok(blob)
    }

    /// Puts the piece laid down last into the cache, if that keeps the file.
    pub(super) async fn keep(&self, blob: &Blob, note: &Note) {
        let index = self.count() - 1;
        if let (false, Some(shelf), Kept::Cache) = (self.begun.get(), &self.shelf, self.kept.get()) {
            // Nothing of an older version may be taken for part of this one.
            shelf.clear().await;
            self.write(note).await;
            self.begun.set(true);
        }
        self.put(index, blob).await;
    }

    async fn put(&self, index: usize, blob: &Blob) {
        let (Some(shelf), Kept::Cache) = (&self.shelf, self.kept.get()) else { return };
        match shelf.put_piece(index, blob).await {
            Ok(()) => {
                if let Some(place) = self.places.borrow_mut().get_mut(index) {
                    *place = Place::Cached;
                }
            }
            Err(error) => self.refused(&error),
        }
    }

    async fn write(&self, note: &Note) {
        let (Some(shelf), Kept::Cache) = (&self.shelf, self.kept.get()) else { return };
        if let Err(error) = shelf.write(note).await {
            self.refused(&error);
        }
    }

    /// What comes after this stays in memory.
    fn refused(&self, error: &JsValue) {
        let full = get(error, "name").as_string().is_some_and(|name| name == "QuotaExceededError");
        self.kept.set(Kept::Memory(if full { NotKept::Full } else { NotKept::NoCache }));
    }

    /// Notes that the file is whole, with every piece in the cache.
    pub(super) async fn complete(&self, note: &Note) {
        for index in 0..self.count() {
            // A download cancelled while a piece was on its way into the cache left it in memory.
            let left = match self.places.borrow().get(index) {
                Some(Place::Memory(blob)) => Some(blob.clone()),
                _ => None,
            };
            if let Some(blob) = left {
                self.put(index, &blob).await;
            }
        }
        self.write(&Note { complete: true, ..note.clone() }).await;
    }

    /// Bytes of a piece, outside WASM memory still; `None` where the cache has lost them.
    pub(super) async fn read(&self, index: usize, range: Range<u64>) -> Option<Uint8Array> {
        let blob = self.blob(index).await?;
        let length = range.end - range.start;
        let bytes = slice(&blob, range).await.ok()?;
        (u64::from(bytes.length()) == length).then_some(bytes)
    }

    async fn blob(&self, index: usize) -> Option<Blob> {
        if let Some(Place::Memory(blob)) = self.places.borrow().get(index) {
            return Some(blob.clone());
        }
        if let Some((known, blob)) = &*self.last.borrow()
            && *known == index
        {
            return Some(blob.clone());
        }
        let blob = self.shelf.as_ref()?.piece(index).await?;
        *self.last.borrow_mut() = Some((index, blob.clone()));
        Some(blob)
    }
}
