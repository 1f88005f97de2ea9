//! Bringing a file in: requests, new attempts, the end.

use std::cell::RefCell;
use std::pin::pin;
use std::task::Poll;

use web_time::Instant;

use super::arriving::Arriving;
use super::flight::Flight;
use super::intake::Intake;
use super::pace::Pace;
use crate::platform::sleep;
use crate::store::PIECE;
use crate::store::{FetchError, Progress};

/// New attempts in a row that bring less than a piece.
const RETRIES: u32 = 3;
/// Milliseconds before the first new attempt; doubled for each after it.
const PAUSE_MS: i32 = 500;
/// Seconds without a byte after which a connection counts as cut: a network that changed does not say so.
const SILENCE: f64 = 30.0;
const SILENT: &str = "nothing came for half a minute";

/// Ends a download whose `run` is dropped, so that nobody waits for it for ever.
struct Running<'a>(&'a Arriving);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.set(false);
        self.0.end(Err(FetchError::Cancelled));
    }
}

impl Arriving {
    /// Brings the file in, with a report about ten times a second. A connection that breaks is taken up again by
    /// itself from the byte where it broke, until three attempts in a row bring nothing to speak of. After an error or
    /// [`Arriving::cancel`] it can be called again and goes on; who reads before it is first polled still gets the old
    /// reason. A second call while one runs waits for that one. A file that the cache had whole gives no report.
    ///
    /// # Errors
    /// The file cannot be had or is not the one wanted; every reader that waits gets the same reason.
    pub async fn run(&self, progress: &dyn Fn(Progress)) -> Result<(), FetchError> {
        if self.running.get() || matches!(&*self.outcome.borrow(), Some(Ok(()))) {
            return self.finished().await;
        }
        self.running.set(true);
        self.outcome.take();
        let running = Running(self);
        let pace = RefCell::new(Pace::new(self.arrived.get()));
        let report = |must: bool| {
            let news = pace.borrow_mut().report(self.arrived.get(), self.total.get(), must);
            if let Some(news) = news {
                progress(news);
            }
        };
        let result = self.watched(&report).await;
        if result.is_ok() {
            report(true);
        }
        self.end(result);
        drop(running);
        self.finished().await
    }

    /// The work, until it is done or the file is cancelled; beside it a clock that reports when nothing comes.
    async fn watched(&self, report: &dyn Fn(bool)) -> Result<(), FetchError> {
        let mut work = pin!(self.bring(report));
        let mut clock = pin!(async {
            loop {
                sleep(1000).await;
                report(false);
                self.bell.ring();
            }
        });
        std::future::poll_fn(|context| {
            if let Some(Err(error)) = &*self.outcome.borrow() {
                return Poll::Ready(Err(error.clone()));
            }
            self.bell.listen(context);
            let _: Poll<()> = clock.as_mut().poll(context);
            work.as_mut().poll(context)
        })
        .await
    }

    async fn bring(&self, report: &dyn Fn(bool)) -> Result<(), FetchError> {
        report(true);
        let mut intake = Intake::new(report);
        self.hash_what_is_there(&mut intake).await?;
        let (mut attempts, mut best) = (0, self.arrived.get());
        while self.total.get() != Some(self.arrived.get()) {
            let Err(error) = self.attempt(&mut intake).await else { break };
            if !error.passes() {
                if matches!(error, FetchError::Size { .. } | FetchError::TooMuch { .. }) {
                    self.discard().await;
                }
                return Err(error);
            }
            // Against a server that always begins anew, only what was never reached before counts.
            if self.arrived.get() >= best + PIECE {
                (attempts, best) = (0, self.arrived.get());
            }
            if attempts == RETRIES {
                return Err(self.cut(match error {
                    FetchError::Cut { reason, .. } => reason,
                    other => other.to_string(),
                }));
            }
            sleep(PAUSE_MS << attempts).await;
            attempts += 1;
        }
        self.lay().await?;
        self.check(intake).await
    }

    pub(super) fn cut(&self, reason: String) -> FetchError {
        let (got, expected) = (self.arrived.get(), self.total.get());
        FetchError::Cut { host: self.address.host.clone(), got, expected, reason }
    }

    /// Asks for what is missing and decides from where on it comes. `first`: nobody has read of the file yet.
    pub(super) async fn request(&self, first: bool) -> Result<Flight, FetchError> {
        let from = if self.resumable.get() { self.arrived.get() } else { 0 };
        let version = self.version.borrow().clone();
        let mut flight = match Flight::ask(&self.address, from, version.as_deref(), self.keep).await {
            // An old browser asks another server's leave for a part, and the server may know nothing of that.
            Err(FetchError::Unreachable { .. }) if first && from > 0 && !self.address.own => {
                Flight::ask(&self.address, 0, None, self.keep).await?
            }
            flight => flight?,
        };
        if self.arrived.get() > 0 && self.is_other(&flight) {
            if !first {
                // Readers may have the beginning of the old one.
                self.discard().await;
                self.version.take();
                self.total.set(self.bytes);
                return Err(FetchError::Changed { host: self.address.host.clone() });
            }
            self.reset();
            if flight.start > 0 {
                flight = Flight::ask(&self.address, 0, None, self.keep).await?;
            }
        }
        if flight.start == 0 {
            self.reset();
            *self.version.borrow_mut() = flight.version.clone();
        }
        self.measure(&flight)?;
        Ok(flight)
    }

    /// Whether the server has another version by now.
    fn is_other(&self, flight: &Flight) -> bool {
        let is_tag = |version: &str| version.ends_with('"');
        let versions = match (&*self.version.borrow(), &flight.version) {
            (Some(old), Some(new)) => is_tag(old) == is_tag(new) && old != new,
            _ => false,
        };
        let totals = match (self.total.get(), flight.total) {
            (Some(old), Some(new)) => self.resumable.get() && flight.sure && old != new,
            _ => false,
        };
        versions || totals
    }

    fn measure(&self, flight: &Flight) -> Result<(), FetchError> {
        match (self.bytes, flight.total) {
            (Some(expected), Some(got)) if flight.sure && got != expected => {
                return Err(FetchError::Size { host: self.address.host.clone(), expected, got });
            }
            (None, total) if total.is_some() || flight.start == 0 => self.total.set(total),
            _ => {}
        }
        if flight.start == 0 {
            self.resumable.set(flight.length.is_some() || flight.sure);
        }
        Ok(())
    }

    /// One response, to its end.
    async fn attempt(&self, intake: &mut Intake<'_>) -> Result<(), FetchError> {
        let waiting = self.flight.take();
        let flight = match waiting {
            Some(flight) => flight,
            None => patiently(self.request(false)).await.unwrap_or_else(|| Err(self.cut(SILENT.into())))?,
        };
        if flight.start == 0 {
            intake.restart(self.sha256.is_some());
        }
        let mut came = 0;
        loop {
            match patiently(flight.next()).await.unwrap_or_else(|| Err(SILENT.into())) {
                Err(reason) => return Err(self.cut(reason)),
                Ok(None) => return self.ended(&flight, came),
                Ok(Some(chunk)) => {
                    came += u64::from(chunk.length());
                    self.take(&flight, &chunk, intake).await?;
                }
            }
        }
    }
}

/// What `work` gives, or `None` when nothing came for too long. It is asked at least at every ring of the clock that
/// `watched` keeps.
async fn patiently<T>(work: impl Future<Output = T>) -> Option<T> {
    let since = Instant::now();
    let mut work = pin!(work);
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(given) => Poll::Ready(Some(given)),
        Poll::Pending if since.elapsed().as_secs_f64() > SILENCE => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}
