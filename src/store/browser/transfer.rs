//! The way of a file from its server into a [`PartialFile`]: requested, resumed, tried again, verified.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::pin::pin;

use futures_util::future::{Either, select};

use super::file_url::FileUrl;
use super::notify::Notify;
use super::partial_file::PartialFile;
use super::response_stream::ResponseStream;
use crate::platform::{Lock, is_locked, lock, now, sleep};
use crate::store::rules::manifest::Manifest;
use crate::store::rules::remote_file::RemoteFile;
use crate::store::rules::retry::Retries;
use crate::store::{FetchError, FileRequest};

/// Milliseconds without a byte after which a connection counts as broken: a change of networks is not reported.
const SILENCE_MS: f64 = 30_000.0;
/// Milliseconds between two looks at the clock.
const TICK_MS: i32 = 1000;

/// The name of the lock on a file's entry in the browser's cache.
fn lock_name(href: &str) -> String {
    format!("cardinal-download {href}")
}

/// Whether a tab is downloading the file at an address, this one included.
pub async fn is_downloaded(url: &str) -> bool {
    match FileUrl::parse(url) {
        Some(address) => is_locked(&lock_name(&address.href)).await,
        None => false,
    }
}

/// The transfer of one file, whether or not it is under way.
pub(super) struct Transfer {
    address: FileUrl,
    /// Whether the browser's cache is to have the file.
    cache: bool,
    /// In lower case.
    sha256: Option<String>,
    remote: RefCell<RemoteFile>,
    partial: PartialFile,
    /// The response that `open` received, until `run` takes it.
    response: RefCell<Option<ResponseStream>>,
    /// Held while the browser's cache gets the file: two tabs that download one file would write into one entry.
    lock: RefCell<Option<Lock>>,
    /// Whether the cache had the whole file, and no hash is to be compared.
    is_complete: bool,
    changed: Notify,
}

impl Transfer {
    /// Asks for a file, and returns when the head of the response has arrived; at once where the cache has the whole file.
    ///
    /// # Errors
    /// See [`Download::open`](super::Download::open).
    pub(super) async fn open(request: FileRequest) -> Result<Self, FetchError> {
        let FileRequest { url, sha256, bytes, cache } = request;
        let Some(address) = FileUrl::parse(&url) else { return Err(FetchError::Address(url)) };
        let mut transfer = Self {
            partial: PartialFile::open(&address, cache).await,
            remote: RefCell::new(RemoteFile::new(address.host.clone(), bytes)),
            address,
            cache,
            sha256: sha256.map(|digits| digits.to_ascii_lowercase()),
            response: RefCell::default(),
            lock: RefCell::default(),
            is_complete: false,
            changed: Notify::default(),
        };
        transfer.take_lock().await;
        transfer.resume_from_cache(bytes).await;
        if transfer.is_complete {
            transfer.release();
        }
        if transfer.total() != Some(transfer.partial.readable()) {
            let response = transfer.request(true).await?;
            transfer.response.replace(Some(response));
        }
        Ok(transfer)
    }

    /// Waits until no other tab downloads the file.
    async fn take_lock(&self) {
        if self.cache && self.lock.borrow().is_none() {
            let lock = lock(&lock_name(&self.address.href)).await;
            self.lock.replace(lock);
        }
    }

    /// Lets another tab download the file.
    pub(super) fn release(&self) {
        self.lock.take();
    }

    /// Goes on from what the browser's cache has of the file, of which the caller expects `bytes`.
    async fn resume_from_cache(&mut self, bytes: Option<u64>) {
        let Some((manifest, chunks)) = self.partial.cached().await else { return };
        let Some(resume) = manifest.resume(chunks, bytes, self.sha256.as_deref()) else { return };
        self.partial.resume(&resume);
        self.remote.borrow_mut().resume(&resume);
        if resume.is_complete {
            // A file that was stored without a hash is compared with one that is expected now.
            self.is_complete = self.sha256.is_none() || resume.sha256.is_some();
            self.sha256 = self.sha256.take().or(resume.sha256);
        }
    }

    pub(super) fn address(&self) -> &FileUrl {
        &self.address
    }

    pub(super) fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }

    /// What has arrived.
    pub(super) fn partial(&self) -> &PartialFile {
        &self.partial
    }

    /// Bytes of the whole file, as far as they are known.
    pub(super) fn total(&self) -> Option<u64> {
        self.remote.borrow().total()
    }

    /// Whether the cache had the whole file when it was opened, and nothing is left to be compared.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Notified when bytes have arrived, and every [`TICK_MS`] while the transfer is under way.
    pub(super) fn changed(&self) -> &Notify {
        &self.changed
    }

    /// Ends the request that [`Transfer::open`] has sent, if [`Transfer::run`] has not taken it.
    pub(super) fn abort_request(&self) {
        self.response.take();
    }

    /// Transfers what is missing. `report` is called often, with `true` where a report is due.
    ///
    /// # Errors
    /// See [`Download::run`](super::Download::run).
    pub(super) async fn run(&self, report: &dyn Fn(bool)) -> Result<(), FetchError> {
        match select(pin!(self.transfer(report)), pin!(self.tick(report))).await {
            Either::Left((result, _)) => result,
            Either::Right((never, _)) => match never {},
        }
    }

    /// Reports when nothing arrives, and wakes what watches the clock.
    async fn tick(&self, report: &dyn Fn(bool)) -> Infallible {
        loop {
            sleep(TICK_MS).await;
            report(false);
            self.changed.notify_all();
        }
    }

    /// Requests, until the whole file is there and verified.
    async fn transfer(&self, report: &dyn Fn(bool)) -> Result<(), FetchError> {
        report(true);
        self.take_lock().await;
        if self.sha256.is_some() {
            self.partial.hash().await?;
        }
        let mut retries = Retries::new(self.partial.readable());
        while self.total() != Some(self.partial.readable()) {
            let Err(error) = self.attempt(report).await else { break };
            if matches!(error, FetchError::Size { .. } | FetchError::TooMuch { .. }) {
                self.partial.discard().await;
            }
            if !error.is_transient() {
                return Err(error);
            }
            match retries.pause_after(self.partial.readable()) {
                Some(ms) => sleep(ms).await,
                None => {
                    return Err(self.interrupted(match error {
                        FetchError::Interrupted { reason, .. } => reason,
                        FetchError::Offline => "you are offline".into(),
                        other => other.to_string(),
                    }));
                }
            }
        }
        self.store_chunk().await?;
        self.verify().await
    }

    /// One request to the end of its response, or to where the server falls silent.
    async fn attempt(&self, report: &dyn Fn(bool)) -> Result<(), FetchError> {
        let waiting_since = Cell::new(None);
        let receive = self.receive(&waiting_since, report);
        let is_silent = || waiting_since.get().is_some_and(|since| now() - since > SILENCE_MS);
        let silence = self.changed.until(&is_silent);
        match select(pin!(receive), pin!(silence)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(self.interrupted("nothing arrived for half a minute".into())),
        }
    }

    /// Receives one response. While it waits for the network, `waiting_since` says since when.
    async fn receive(&self, waiting_since: &Cell<Option<f64>>, report: &dyn Fn(bool)) -> Result<(), FetchError> {
        waiting_since.set(Some(now()));
        let opened = self.response.take();
        let response = match opened {
            Some(response) => response,
            None => self.request(false).await?,
        };
        let mut received = 0;
        loop {
            waiting_since.set(Some(now()));
            let next = response.next().await;
            waiting_since.set(None);
            let Some(bytes) = next.map_err(|reason| self.interrupted(reason))? else { break };
            received += u64::from(bytes.length());
            let mut at = 0;
            while at < bytes.length() {
                let end = bytes.length().min(at + self.partial.space());
                let position = self.partial.position() + u64::from(end - at);
                self.remote.borrow_mut().admit(response.head(), position)?;
                self.partial.write(&bytes.subarray(at, end))?;
                self.changed.notify_all();
                if self.partial.space() == 0 {
                    self.store_chunk().await?;
                }
                report(false);
                at = end;
            }
        }
        self.partial.end()?;
        self.changed.notify_all();
        self.remote.borrow_mut().end(response.head(), received, self.partial.readable())
    }

    /// Asks for what is missing. The response says from where on it comes; where that is the beginning, or another version of
    /// the file, what has arrived is forgotten. `is_first`: no reader has seen the file yet.
    async fn request(&self, is_first: bool) -> Result<ResponseStream, FetchError> {
        let from = self.remote.borrow().resume_offset(self.partial.readable());
        let version = self.remote.borrow().version().map(str::to_owned);
        let whole = || ResponseStream::open(&self.address, 0, None, self.cache);
        let mut response = match ResponseStream::open(&self.address, from, version.as_deref(), self.cache).await {
            // An old browser asks a server of another origin to permit ranges, and the server may not know of that.
            Err(FetchError::Unreachable { .. }) if is_first && from > 0 && !self.address.is_own => whole().await?,
            response => response?,
        };
        let is_other = self.partial.readable() > 0 && self.remote.borrow().is_other_version(response.head());
        if is_other && !is_first {
            // Readers may have read the beginning of the old version.
            self.partial.discard().await;
            self.remote.borrow_mut().forget_version();
            return Err(FetchError::Changed { host: self.address.host.clone() });
        }
        if is_other {
            self.partial.clear();
            if response.head().start > 0 {
                response = whole().await?;
            }
        }
        if response.head().start == 0 {
            self.partial.clear();
        }
        self.remote.borrow_mut().learn(response.head())?;
        Ok(response)
    }

    async fn store_chunk(&self) -> Result<(), FetchError> {
        self.partial.store_chunk(&self.manifest()).await.map_err(|reason| self.interrupted(reason))
    }

    /// Compares the whole file with its SHA-256, and records that it is complete.
    async fn verify(&self) -> Result<(), FetchError> {
        if let (Some(expected), Some(got)) = (&self.sha256, self.partial.finish())
            && got != *expected
        {
            self.partial.discard().await;
            return Err(FetchError::Hash { host: self.address.host.clone(), expected: expected.clone(), got });
        }
        self.partial.complete(self.manifest()).await;
        Ok(())
    }

    fn manifest(&self) -> Manifest {
        let remote = self.remote.borrow();
        let version = remote.version().map(str::to_owned);
        Manifest { total: remote.total(), version, sha256: self.sha256.clone(), complete: false }
    }

    fn interrupted(&self, reason: String) -> FetchError {
        self.remote.borrow().interrupted(self.partial.readable(), reason)
    }
}
