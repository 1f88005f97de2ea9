//! What a session needs from where it runs: a browser's worker, or stand-ins in a test.

use std::rc::Rc;

use crate::Error;
use crate::classifier::{Classification, DeviceOf, Model, Progress, StepTime};
use crate::gpu::{GpuError, Tuned};
use crate::image::{Prepared, Preprocess};
use crate::plan::{Plan, Tuning};
use crate::protocol::{Adapter, CachedFile, Event, Picture, Setting};
use crate::store::{DownloadProgress, FetchError, FileRequest, Storage};
use crate::weights::{ByteSource, Pending};

/// Where a session runs.
pub trait Host: Engines + Files + 'static {
    /// Tells the page.
    fn emit(&self, event: Event);

    /// Tells the page of a picture that is ready, with its file and the pixels that the network sees, RGBA row by row.
    fn emit_picture(&self, picture: Picture, file: &Self::File, seen: &[u8]);

    /// Runs `work` beside everything else, on this thread.
    fn spawn(&self, work: Pending<'static, ()>);

    /// Lets commands come in that wait.
    fn turn(&self) -> impl Future<Output = ()>;

    /// Milliseconds of a clock that never goes back.
    fn now(&self) -> f64;
}

/// Devices, and networks on them.
pub trait Engines {
    /// An open GPU.
    type Gpu: 'static;
    /// A network on a device, ready to run.
    type Classifier: 'static;

    fn open_gpu(&self) -> impl Future<Output = Result<Self::Gpu, GpuError>>;
    fn adapter(&self, gpu: &Self::Gpu) -> Adapter;
    /// The kernels that networks are planned with on this GPU.
    fn tuning(&self, gpu: &Self::Gpu) -> Tuning;
    fn set_tuning(&self, gpu: &Self::Gpu, tuning: Tuning);
    /// Times the kernels and takes the fastest.
    fn tune(&self, gpu: &Self::Gpu) -> impl Future<Output = Result<Tuned, Error>>;
    /// Begins to compile what a plan needs.
    fn compile(&self, gpu: &Self::Gpu, plan: &Plan);

    /// Plans a network, brings it to the device, and runs it once to warm up where that is asked for.
    fn load(
        &self,
        device: &DeviceOf<Self::Gpu>,
        model: &Model,
        setting: &Setting,
        warm_up: bool,
        progress: &dyn Fn(Progress),
    ) -> impl Future<Output = Result<Self::Classifier, Error>>;
    fn model<'a>(&self, classifier: &'a Self::Classifier) -> &'a Model;
    /// Bytes it takes on its device.
    fn bytes(&self, classifier: &Self::Classifier) -> u64;
    fn classify(
        &self,
        classifier: &Self::Classifier,
        tensor: &[f32],
    ) -> impl Future<Output = Result<Classification, Error>>;
    fn profile(
        &self,
        classifier: &Self::Classifier,
        tensor: &[f32],
    ) -> impl Future<Output = Result<Vec<StepTime>, Error>>;
}

/// A decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Pixels, upright.
    pub width: u32,
    pub height: u32,
    pub prepared: Prepared,
}

/// The sheet of test pictures: its pixels, RGBA row by row, and what its pictures show.
#[derive(Clone, Debug, PartialEq)]
pub struct TestSheet {
    pub rgba: Vec<u8>,
    pub items: Vec<crate::zoo::test_set::Item>,
}

/// Files: the visitor's, the page's own, and those of the network.
pub trait Files {
    /// A handle of a file; its bytes stay where they are.
    type File: Clone + 'static;

    /// A file's bytes, read where and when they are asked for.
    fn source(&self, file: &Self::File) -> Rc<dyn ByteSource>;
    /// Bytes as a file.
    fn file(&self, bytes: &[u8]) -> Result<Self::File, String>;
    /// A small file of the page's own.
    fn fetch(&self, path: &str) -> impl Future<Output = Result<Self::File, String>>;
    /// A text beside weights; `None` where there is none.
    fn text(&self, url: &str) -> impl Future<Output = Result<Option<String>, FetchError>>;
    fn decode(&self, file: &Self::File, preprocess: &Preprocess) -> impl Future<Output = Result<Decoded, String>>;
    fn test_sheet(&self) -> impl Future<Output = Result<TestSheet, String>>;

    /// Asks for a file of weights; done when the head of the response is in.
    fn download(&self, request: FileRequest) -> impl Future<Output = Result<Rc<dyn Download>, FetchError>>;
    /// The files in the browser's cache.
    fn cached_files(&self) -> impl Future<Output = Vec<CachedFile>>;
    /// Removes a file from the browser's cache.
    fn remove(&self, url: &str) -> impl Future<Output = ()>;
    /// The SHA-256 of a file, in hexadecimal digits; `None` where it cannot be read.
    fn sha256(&self, source: &dyn ByteSource) -> impl Future<Output = Option<String>>;
}

/// A file that is being downloaded: read what has arrived, and wait for what has not.
pub trait Download: ByteSource {
    /// Its absolute address.
    fn url(&self) -> String;
    /// Receives it, with reports. Dropped, it stops; what has arrived stays in the browser's cache.
    fn run<'a>(&'a self, progress: &'a dyn Fn(DownloadProgress)) -> Pending<'a, Result<(), FetchError>>;
    /// Waits until [`ByteSource::size`] is the size of the whole file.
    fn sized(&self) -> Pending<'_, Result<(), FetchError>>;
    /// Waits until all of it has arrived and has the expected SHA-256.
    fn finished(&self) -> Pending<'_, Result<(), FetchError>>;
    /// The SHA-256 that it has or must have, in hexadecimal digits; `None` where none is known.
    fn sha256(&self) -> Option<String>;
    /// Where it is stored.
    fn storage(&self) -> Storage;
}
