//! Bytes from the network into pieces: hashed, counted, and no web page among them.

use js_sys::Uint8Array;
use sha2::{Digest, Sha256};

use super::arriving::Arriving;
use super::flight::Flight;
use super::shelf::Note;
use crate::platform::words;
use crate::store::FetchError;
use crate::store::PIECE;

/// Bytes copied and hashed at once. A piece has a whole number of slices.
const SLICE: usize = 1 << 20;
/// Bytes that tell a web page from a file. None is given out or stored before it is told.
const TELLING: usize = 512;

/// What a run carries along.
pub(super) struct Intake<'a> {
    /// Of everything that has arrived; `None` where no hash is known.
    hash: Option<Sha256>,
    /// Tells the page; `true`: at once.
    report: &'a dyn Fn(bool),
}

impl<'a> Intake<'a> {
    pub(super) fn new(report: &'a dyn Fn(bool)) -> Self {
        Self { hash: None, report }
    }

    /// Begins the hash anew, where one is wanted.
    pub(super) fn restart(&mut self, wanted: bool) {
        self.hash = wanted.then(Sha256::new);
    }
}

impl Arriving {
    /// Catches up with what came earlier.
    pub(super) async fn hash_what_is_there(&self, intake: &mut Intake<'_>) -> Result<(), FetchError> {
        if self.sha256.is_none() {
            return Ok(());
        }
        let mut hash = Sha256::new();
        let mut bytes = Vec::new();
        let mut at = 0;
        while at < self.arrived.get() {
            let until = (at + SLICE as u64).min(self.arrived.get());
            bytes.clear();
            self.copy(at..until, &mut bytes).await?;
            hash.update(&bytes);
            at = until;
        }
        intake.hash = Some(hash);
        Ok(())
    }

    /// Lays bytes down, a slice at a time.
    pub(super) async fn take(
        &self,
        flight: &Flight,
        chunk: &Uint8Array,
        intake: &mut Intake<'_>,
    ) -> Result<(), FetchError> {
        let mut at = 0;
        while at < chunk.length() {
            let space = PIECE as usize - self.tail.borrow().len();
            let until = chunk.length().min(at + space.min(SLICE) as u32);
            self.take_slice(flight, &chunk.subarray(at, until), intake)?;
            at = until;
            if self.tail.borrow().len() as u64 == PIECE {
                self.lay().await?;
            }
            (intake.report)(false);
        }
        Ok(())
    }

    fn take_slice(&self, flight: &Flight, slice: &Uint8Array, intake: &mut Intake<'_>) -> Result<(), FetchError> {
        let mut tail = self.tail.borrow_mut();
        let length = tail.len();
        tail.reserve_exact(PIECE as usize - length);
        tail.resize(length + slice.length() as usize, 0);
        slice.copy_to(&mut tail[length..]);
        let done = self.pieces.count() as u64 * PIECE + tail.len() as u64;
        if self.total.get().is_some_and(|total| done > total) {
            if self.bytes.is_some() || flight.start > 0 {
                tail.truncate(length);
                let expected = self.total.get().unwrap_or(0);
                return Err(FetchError::TooMuch { host: self.address.host.clone(), expected });
            }
            // It was the size of the compressed bytes.
            self.total.set(None);
            self.resumable.set(false);
        }
        if let Some(hash) = &mut intake.hash {
            hash.update(&tail[length..]);
        }
        if self.arrived.get() > 0 || tail.len() >= TELLING {
            self.refuse_html(&tail)?;
            self.arrived.set(done);
            drop(tail);
            self.bell.ring();
        }
        Ok(())
    }

    fn refuse_html(&self, beginning: &[u8]) -> Result<(), FetchError> {
        if self.arrived.get() > 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&beginning[..beginning.len().min(TELLING)]).to_ascii_lowercase();
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with("<!doctype") || text.starts_with("<html") {
            return Err(FetchError::Html { host: self.address.host.clone() });
        }
        Ok(())
    }

    /// The server has sent all that it will; `came` bytes in this response.
    pub(super) fn ended(&self, flight: &Flight, came: u64) -> Result<(), FetchError> {
        self.refuse_html(&self.tail.borrow())?;
        let got = self.pieces.count() as u64 * PIECE + self.tail.borrow().len() as u64;
        self.arrived.set(got);
        self.bell.ring();
        match (self.total.get(), self.bytes) {
            (Some(total), _) if got == total => Ok(()),
            // All that was announced has come, and it is not what was wanted.
            (_, Some(expected)) if flight.length == Some(came) => {
                Err(FetchError::Size { host: self.address.host.clone(), expected, got })
            }
            (Some(_), _) => Err(self.cut("the server sent less than it announced".into())),
            (None, _) => {
                self.total.set(Some(got));
                Ok(())
            }
        }
    }

    /// Lays down what the tail has, as the next piece.
    pub(super) async fn lay(&self) -> Result<(), FetchError> {
        if self.tail.borrow().is_empty() {
            return Ok(());
        }
        // Readers find the bytes in one place or the other: nothing is waited for in between.
        let blob = self.pieces.place(&self.tail.borrow()).map_err(|error| self.cut(words(&error)))?;
        self.tail.borrow_mut().clear();
        self.pieces.keep(&blob, &self.note()).await;
        Ok(())
    }

    fn note(&self) -> Note {
        Note {
            total: self.total.get(),
            version: self.version.borrow().clone(),
            sha256: self.sha256.clone(),
            complete: false,
        }
    }

    /// Compares what came with what was wanted.
    pub(super) async fn check(&self, intake: Intake<'_>) -> Result<(), FetchError> {
        if let (Some(expected), Some(hash)) = (&self.sha256, intake.hash) {
            let got = hex(&hash.finalize());
            if got != *expected {
                self.discard().await;
                return Err(FetchError::Hash { host: self.address.host.clone(), expected: expected.clone(), got });
            }
        }
        self.tail.take(); // its memory, that is: it is empty
        self.pieces.complete(&self.note()).await;
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
