//! What a race needs from the place it runs in: a browser's worker, or a test with stand-ins.

use std::ops::Range;
use std::rc::Rc;

use super::racer::Racer;
use crate::Error;
use crate::protocol::{Backend, RaceEvent};
use crate::train::{Network, Pictures, Recipe};
use crate::weights::Pending;

/// What is kept of a race for the next visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Curves and networks, as far as they are.
    Race,
    /// The visitor's own pictures, as the networks see them.
    Pictures,
}

/// Where a race is run.
pub trait Host: 'static {
    /// A file of the visitor's, or one that is made for them.
    type File: Clone + 'static;
    /// An open GPU, or the CPU.
    type Device: 'static;
    /// A network in training.
    type Racer: Racer;

    /// Sends an event to the page.
    fn emit(&self, event: RaceEvent);

    /// Sends an event to the page with the bytes that [`RaceEvent`] says its message carries.
    fn emit_bytes(&self, event: RaceEvent, bytes: &[u8]);

    /// Sends an event to the page with its file.
    fn emit_file(&self, event: RaceEvent, file: &Self::File);

    /// Runs `work` concurrently, on this thread.
    fn spawn(&self, work: Pending<'static, ()>);

    /// Lets waiting commands in.
    fn turn(&self) -> impl Future<Output = ()>;

    /// Waits for this many milliseconds.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;

    /// Milliseconds of a monotonic clock.
    fn now(&self) -> f64;

    /// Makes a file of its parts.
    ///
    /// # Errors
    /// There is no memory for it.
    fn file(&self, parts: &[Vec<u8>]) -> Result<Self::File, String>;

    /// The pictures of CIFAR-10 that come with the page.
    ///
    /// # Errors
    /// Why they cannot be fetched, as a sentence.
    fn bundled(&self) -> impl Future<Output = Result<Pictures, String>>;

    /// The pictures in an archive of CIFAR-10.
    ///
    /// # Errors
    /// Why it cannot be used, as a sentence.
    fn archive(&self, file: &Self::File) -> impl Future<Output = Result<Pictures, String>>;

    /// The picture whose file is this part of `file`, as a network sees it: `[side, side, 3]`.
    ///
    /// # Errors
    /// Why it cannot be used, as a sentence.
    fn picture(
        &self,
        file: &Self::File,
        part: Range<u64>,
        side: usize,
    ) -> impl Future<Output = Result<Vec<u8>, String>>;

    /// Opens a device.
    ///
    /// # Errors
    /// There is none.
    fn open(&self, backend: Backend) -> impl Future<Output = Result<Self::Device, Error>>;

    /// Brings a network to a device.
    ///
    /// # Errors
    /// What the device or the network refuse.
    fn begin(
        &self,
        device: &Self::Device,
        network: Network,
        recipe: Recipe,
        pictures: Rc<Pictures>,
    ) -> impl Future<Output = Result<Self::Racer, Error>>;

    /// Keeps these bytes for the next visit, one part after the other, all of them or none.
    ///
    /// # Errors
    /// Why they cannot be kept, as a sentence.
    fn keep(&self, entry: Entry, parts: &[&[u8]]) -> impl Future<Output = Result<(), String>>;

    /// The first bytes of what was kept, at most so many; `None` where there is nothing.
    fn kept(&self, entry: Entry, most: u64) -> impl Future<Output = Option<Vec<u8>>>;

    /// Forgets all that was kept.
    fn forget(&self) -> impl Future<Output = ()>;
}
