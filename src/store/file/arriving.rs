//! A file that is on its way, or there: read where and when it is asked for.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use super::address::Address;
use super::bell::Bell;
use super::flight::Flight;
use super::pieces::Pieces;
use crate::store::FetchError;
use crate::store::Kept;
use crate::store::{PIECE, Wanted};
use crate::weights::{ByteSource, Pending, WeightError};

/// A file that is on its way, or there.
///
/// [`Arriving::open`] asks for it, [`Arriving::run`] brings it in, and meanwhile [`ByteSource::read`] gives what has
/// come and waits for what has not. What is read before the end is not yet checked against the SHA-256: trust it when
/// [`Arriving::finished`] says so. Dropped, it ends the request.
pub struct Arriving {
    pub(super) address: Address,
    /// Lower case.
    pub(super) sha256: Option<String>,
    pub(super) bytes: Option<u64>,
    pub(super) keep: bool,
    pub(super) pieces: Pieces,
    /// What came after the last whole piece.
    pub(super) tail: RefCell<Vec<u8>>,
    /// Bytes from the first on that can be read.
    pub(super) arrived: Cell<u64>,
    pub(super) total: Cell<Option<u64>>,
    pub(super) version: RefCell<Option<String>>,
    /// Whether the rest can be asked for by itself.
    pub(super) resumable: Cell<bool>,
    /// The response that `open` got, until `run` takes it.
    pub(super) flight: RefCell<Option<Flight>>,
    /// How it ended; `None` before and while it runs.
    pub(super) outcome: RefCell<Option<Result<(), FetchError>>>,
    pub(super) running: Cell<bool>,
    pub(super) bell: Bell,
}

impl Arriving {
    /// Asks for a file; done when the head of the response is in. What the browser's cache has of it is taken up: the
    /// whole, and no request is made; a part, and only the rest is asked for.
    ///
    /// # Errors
    /// The address is none, the server cannot be reached or does not send a file, or one of another size than wanted.
    pub async fn open(wanted: Wanted) -> Result<Rc<Self>, FetchError> {
        let Some(address) = Address::of(&wanted.url) else { return Err(FetchError::Address(wanted.url)) };
        let pieces = Pieces::none(&address.href, wanted.keep).await;
        let mut file = Self {
            address,
            sha256: wanted.sha256.map(|digits| digits.to_ascii_lowercase()),
            bytes: wanted.bytes,
            keep: wanted.keep,
            pieces,
            tail: RefCell::default(),
            arrived: Cell::new(0),
            total: Cell::new(wanted.bytes),
            version: RefCell::default(),
            resumable: Cell::new(true),
            flight: RefCell::default(),
            outcome: RefCell::default(),
            running: Cell::new(false),
            bell: Bell::default(),
        };
        file.take_up().await;
        if file.total.get() != Some(file.arrived.get()) {
            let flight = file.request(true).await?;
            *file.flight.borrow_mut() = Some(flight);
        }
        Ok(Rc::new(file))
    }

    /// Takes up what the browser's cache has, if it is of the file wanted.
    async fn take_up(&mut self) {
        let Some((note, count)) = self.pieces.found().await else { return };
        let other = |known: bool, wanted: bool, equal: bool| known && wanted && !equal;
        // Without its size a part of a file cannot be told from a part of another version.
        let Some(total) = note.total else { return };
        if other(true, self.bytes.is_some(), self.bytes == Some(total))
            || other(note.sha256.is_some(), self.sha256.is_some(), note.sha256 == self.sha256)
        {
            return;
        }
        let complete = note.complete && count >= total.div_ceil(PIECE);
        // The last piece counts when the file was noted whole, for only then is it sure to be as long as it should.
        let (count, arrived) = if complete {
            (total.div_ceil(PIECE), total)
        } else {
            let count = count.min(total / PIECE);
            (count, count * PIECE)
        };
        self.pieces.take_up(count, complete);
        self.arrived.set(arrived);
        self.total.set(Some(total));
        *self.version.borrow_mut() = note.version;
        if complete && self.sha256.is_none() {
            self.sha256.clone_from(&note.sha256);
        }
        if complete && (self.sha256.is_none() || note.sha256.is_some()) {
            *self.outcome.borrow_mut() = Some(Ok(()));
        }
    }

    /// The file's address, absolute.
    pub fn url(&self) -> &str {
        &self.address.href
    }

    /// Bytes that can be read.
    pub fn arrived(&self) -> u64 {
        self.arrived.get()
    }

    /// Bytes of the whole file; `None` as long as neither the caller nor the server has said so.
    pub fn total(&self) -> Option<u64> {
        self.total.get()
    }

    /// The SHA-256 that the whole file has, or must have; `None` where nobody has said so.
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }

    /// Waits until the total is known, which is at the end where a server does not tell it. [`ByteSource::size`] is
    /// right from then on.
    pub async fn sized(&self) -> Result<u64, FetchError> {
        self.bell.until(&|| self.total.get().is_some() || self.outcome.borrow().is_some()).await;
        match (self.total.get(), &*self.outcome.borrow()) {
            (None, Some(Err(error))) => Err(error.clone()),
            (total, _) => Ok(total.unwrap_or(self.arrived.get())),
        }
    }

    /// Waits for the end of the download: `Ok` is a file that is whole and, where its size and SHA-256 are known, right.
    ///
    /// # Errors
    /// What [`Arriving::run`] ended with, or [`FetchError::Cancelled`].
    pub async fn finished(&self) -> Result<(), FetchError> {
        self.bell.until(&|| self.outcome.borrow().is_some()).await;
        self.outcome.borrow().clone().unwrap_or(Ok(()))
    }

    /// Ends the download and everything that waits for it. What has come stays: another `run`, or another `open` for
    /// the pieces in the browser's cache, goes on from there.
    pub fn cancel(&self) {
        self.flight.take();
        self.end(Err(FetchError::Cancelled));
    }

    /// Where the file is held, or will be.
    pub fn kept(&self) -> Kept {
        self.pieces.kept()
    }

    /// Notes how it ended, if it had not, and tells everyone.
    pub(super) fn end(&self, result: Result<(), FetchError>) {
        self.outcome.borrow_mut().get_or_insert(result);
        self.bell.ring();
    }

    /// Forgets what has come.
    pub(super) fn reset(&self) {
        self.pieces.drop_all();
        self.tail.borrow_mut().clear();
        self.arrived.set(0);
    }

    /// Forgets what has come, and takes it out of the cache.
    pub(super) async fn discard(&self) {
        let laid = self.pieces.count() > 0;
        self.reset();
        // Where nothing was laid down, what the cache has is another download's.
        if laid {
            self.pieces.remove().await;
        }
    }

    /// Waits until the file is there up to the byte `until`.
    async fn reach(&self, until: u64, last: u64) -> Result<(), WeightError> {
        let short = || self.total.get().filter(|&total| total < last);
        let there = || self.arrived.get() >= until;
        self.bell.until(&|| there() || short().is_some() || self.outcome.borrow().is_some()).await;
        match (short(), &*self.outcome.borrow()) {
            (Some(got), _) => Err(WeightError::Truncated { expected: last, got }),
            _ if there() => Ok(()),
            (None, Some(Err(error))) => Err(error.clone().into()),
            (None, _) => Err(WeightError::Truncated { expected: last, got: self.arrived.get() }),
        }
    }

    /// Appends bytes of one piece, which are there.
    pub(super) async fn copy(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<(), FetchError> {
        let index = (range.start / PIECE) as usize;
        let base = index as u64 * PIECE;
        let (start, end) = (range.start - base, range.end - base);
        if index == self.pieces.count() {
            let tail = self.tail.borrow();
            if let Some(part) = tail.get(start as usize..end as usize) {
                bytes.extend_from_slice(part);
                return Ok(());
            }
        }
        let evicted = || FetchError::Evicted { host: self.address.host.clone() };
        let part = self.pieces.read(index, start..end).await.ok_or_else(evicted)?;
        let length = bytes.len();
        bytes.resize(length + part.length() as usize, 0);
        part.copy_to(&mut bytes[length..]);
        Ok(())
    }
}

impl ByteSource for Arriving {
    /// Bytes of the whole file; those that have come, as long as the total is not known: see [`Arriving::sized`].
    fn size(&self) -> u64 {
        self.total.get().unwrap_or(self.arrived.get())
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        Box::pin(async move {
            let mut bytes = Vec::new();
            let mut at = range.start;
            while at < range.end {
                let until = range.end.min((at / PIECE + 1) * PIECE);
                self.reach(until, range.end).await?;
                if bytes.is_empty() {
                    // Not before the range is known to lie in a file that comes.
                    bytes.reserve_exact((range.end - range.start) as usize);
                }
                self.copy(at..until, &mut bytes).await?;
                at = until;
            }
            Ok(bytes)
        })
    }
}
