//! A file that is being downloaded: run, cancelled, waited for, and read while it arrives.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use futures_util::future::{AbortHandle, Abortable};

use super::transfer::Transfer;
use crate::platform::now;
use crate::store::rules::chunk::split_at_chunks;
use crate::store::rules::transfer_rate::TransferRate;
use crate::store::{CHUNK_BYTES, DownloadProgress, FetchError, FileRequest, Storage};
use crate::weights::{ByteSource, Pending, WeightError};

/// A file that is being downloaded, or has been.
///
/// [`Download::open`] asks for it, [`Download::run`] receives it, and meanwhile [`ByteSource::read`] gives what has arrived and
/// waits for what has not. Bytes read before the end have not been compared with the SHA-256: [`Download::finished`] says when
/// they have. Dropping it ends the request.
pub struct Download {
    transfer: Transfer,
    /// How it ended; `None` before it is run and while it runs.
    outcome: RefCell<Option<Result<(), FetchError>>>,
    /// Ends the run under way.
    running: RefCell<Option<AbortHandle>>,
}

/// Ends a download when its `run` returns or is dropped, so that no reader waits in vain.
struct EndOnDrop<'a>(&'a Download);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.running.take();
        self.0.end(Err(FetchError::Cancelled));
    }
}

impl Download {
    /// Asks for a file, and returns when the head of the response has arrived. Where the browser's cache has the whole file, no
    /// request is made; where it has a part, only the rest is asked for. One download per file goes into that cache: this waits until
    /// every other one, in this tab or another, has ended or is dropped.
    ///
    /// # Errors
    /// The address is none, the server cannot be reached or does not send a file, or the file has another size than expected.
    pub async fn open(request: FileRequest) -> Result<Rc<Self>, FetchError> {
        let transfer = Transfer::open(request).await?;
        let outcome = transfer.is_complete().then_some(Ok(()));
        Ok(Rc::new(Self { transfer, outcome: RefCell::new(outcome), running: RefCell::default() }))
    }

    /// The file's address, absolute and without a fragment.
    pub fn url(&self) -> &str {
        &self.transfer.address().href
    }

    /// Bytes from the first on that can be read.
    pub fn arrived(&self) -> u64 {
        self.transfer.partial().readable()
    }

    /// Bytes of the whole file; `None` until the caller, the server or the end of the download says how many.
    pub fn total(&self) -> Option<u64> {
        self.transfer.total()
    }

    /// The SHA-256 that the whole file has or must have, in lower-case hexadecimal digits; `None` where none is known.
    pub fn sha256(&self) -> Option<&str> {
        self.transfer.sha256()
    }

    /// Where the file is stored, or will be.
    pub fn storage(&self) -> Storage {
        self.transfer.partial().storage()
    }

    /// Waits until the bytes of the whole file are known, which is at the end where the server does not say. From then on
    /// [`ByteSource::size`] is right.
    ///
    /// # Errors
    /// The download ended before that.
    pub async fn sized(&self) -> Result<u64, FetchError> {
        self.transfer.changed().until(&|| self.total().is_some() || self.has_ended()).await;
        match (self.total(), &*self.outcome.borrow()) {
            (None, Some(Err(error))) => Err(error.clone()),
            (total, _) => Ok(total.unwrap_or(self.arrived())),
        }
    }

    /// Waits for the end of the download. `Ok` is a whole file which has the size and SHA-256 that are known of it.
    ///
    /// # Errors
    /// What [`Download::run`] ended with, or [`FetchError::Cancelled`].
    pub async fn finished(&self) -> Result<(), FetchError> {
        self.transfer.changed().until(&|| self.has_ended()).await;
        self.outcome.borrow().clone().unwrap_or(Ok(()))
    }

    /// Ends the download, and everything that waits for it. What has arrived stays: another `run` goes on from there, and
    /// another `open` from the chunks in the browser's cache.
    pub fn cancel(&self) {
        self.transfer.abort_request();
        self.end(Err(FetchError::Cancelled));
        if let Some(running) = &*self.running.borrow() {
            running.abort();
        }
    }

    /// Receives the file, and reports about ten times per second. A connection that breaks is tried again from the byte where
    /// it broke, until three attempts in a row have brought less than a chunk each. After an error or [`Download::cancel`] it
    /// can be called again and goes on; readers get the old error until it is first polled. A second call while one runs waits
    /// for the first. A file that the cache had whole gives no report.
    ///
    /// # Errors
    /// The file cannot be fetched or is not the one expected; every waiting reader gets the same error.
    pub async fn run(&self, progress: &dyn Fn(DownloadProgress)) -> Result<(), FetchError> {
        let is_running = self.running.borrow().is_some();
        if is_running || matches!(&*self.outcome.borrow(), Some(Ok(()))) {
            return self.finished().await;
        }
        let (abort, registration) = AbortHandle::new_pair();
        self.running.replace(Some(abort));
        self.outcome.take();
        let end = EndOnDrop(self);
        let rate = RefCell::new(TransferRate::new(now(), self.arrived()));
        let report = |is_due: bool| {
            let report = rate.borrow_mut().report(now(), self.arrived(), self.total(), is_due);
            if let Some(report) = report {
                progress(report);
            }
        };
        let result = Abortable::new(self.transfer.run(&report), registration).await;
        let result = result.unwrap_or(Err(FetchError::Cancelled));
        if result.is_ok() {
            report(true);
        }
        self.end(result);
        drop(end);
        self.finished().await
    }

    fn has_ended(&self) -> bool {
        self.outcome.borrow().is_some()
    }

    /// Records how the download ended, unless it had ended before.
    fn end(&self, result: Result<(), FetchError>) {
        self.outcome.borrow_mut().get_or_insert(result);
        self.transfer.release();
        self.transfer.changed().notify_all();
    }

    /// Waits until the bytes before the offset `end` have arrived, for a read up to the offset `last`.
    async fn wait_for(&self, end: u64, last: u64) -> Result<(), WeightError> {
        let too_short = || self.total().filter(|&total| total < last);
        let is_there = || self.arrived() >= end;
        self.transfer.changed().until(&|| is_there() || too_short().is_some() || self.has_ended()).await;
        match (too_short(), &*self.outcome.borrow()) {
            (Some(got), _) => Err(WeightError::Truncated { expected: last, got }),
            _ if is_there() => Ok(()),
            (None, Some(Err(error))) => Err(error.clone().into()),
            (None, _) => Err(WeightError::Truncated { expected: last, got: self.arrived() }),
        }
    }
}

impl ByteSource for Download {
    /// Bytes of the whole file; while that is not known, those that have arrived. [`Download::sized`] waits for it.
    fn size(&self) -> u64 {
        self.total().unwrap_or(self.arrived())
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        Box::pin(async move {
            let mut bytes = Vec::new();
            let length = (range.end - range.start) as usize;
            for part in split_at_chunks(range.clone()) {
                self.wait_for(part.end, range.end).await?;
                // Not before the range is known to lie in a file that arrives.
                bytes.reserve_exact(length - bytes.len());
                self.transfer.partial().read(part, &mut bytes).await?;
            }
            if let Some(total) = self
                .total()
                .filter(|&total| total > 0 && range.end.div_ceil(CHUNK_BYTES) == total.div_ceil(CHUNK_BYTES))
            {
                self.transfer.partial().was_read(total);
            }
            Ok(bytes)
        })
    }
}
