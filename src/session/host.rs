//! What a session needs from the place it runs in: a browser's worker, or a test with stand-ins.

use std::rc::Rc;

use crate::Error;
use crate::classifier::{ClassActivation, Classification, DeviceOf, Group, Model, Progress, Run, StepTime};
use crate::gpu::{self, GpuError, Tuned};
use crate::image::{Prepared, Preprocess};
use crate::model::BlockForm;
use crate::plan::{KernelCheck, Plan, Tuning};
use crate::protocol::{Adapter, CachedFile, Event, GroupLook, Setting};
use crate::store::{DownloadProgress, FetchError, FileRequest, Storage};
use crate::weights::{ByteSource, Pending, TorchReader};

/// What the page is told of a GPU's adapter.
impl From<&gpu::Adapter> for Adapter {
    fn from(adapter: &gpu::Adapter) -> Self {
        let gpu::Adapter { name, backend, software, timestamps, facts, .. } = adapter.clone();
        Self { name, backend, software, timestamps, facts }
    }
}

/// Where a session runs.
pub trait Host: Engines + Files + 'static {
    /// Sends an event to the page.
    fn emit(&self, event: Event);

    /// Sends an event to the page with the bytes that [`Event`] says its message carries.
    fn emit_bytes(&self, event: Event, bytes: &[u8]);

    /// Sends an event to the page with the file and the bytes that [`Event`] says its message carries.
    fn emit_file(&self, event: Event, file: &Self::File, bytes: &[u8]);

    /// Runs `work` concurrently, on this thread.
    fn spawn(&self, work: Pending<'static, ()>);

    /// Lets waiting commands in.
    fn turn(&self) -> impl Future<Output = ()>;

    /// Waits for this many milliseconds.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;

    /// Milliseconds of a monotonic clock.
    fn now(&self) -> f64;
}

/// Devices, and classifiers on them.
pub trait Engines {
    /// An open GPU.
    type Gpu: 'static;
    /// A network on a device, ready to run.
    type Classifier: 'static;
    /// One block on a device in its three forms, ready to run.
    type Forms: 'static;

    /// Asks for a GPU.
    ///
    /// # Errors
    /// There is none, or it is too small.
    fn open_gpu(&self) -> impl Future<Output = Result<Self::Gpu, GpuError>>;

    /// Ends when a GPU's device is lost.
    fn loss(&self, gpu: &Self::Gpu) -> impl Future<Output = ()> + use<Self>;

    /// The adapter of a GPU.
    fn adapter(&self, gpu: &Self::Gpu) -> Adapter;

    /// The kernels that networks are planned with on this GPU.
    fn tuning(&self, gpu: &Self::Gpu) -> Tuning;

    /// Sets the kernels that networks are planned with on this GPU.
    fn set_tuning(&self, gpu: &Self::Gpu, tuning: Tuning);

    /// Times the kernels and sets the fastest.
    ///
    /// # Errors
    /// The device refuses a kernel or is lost.
    fn tune(&self, gpu: &Self::Gpu) -> impl Future<Output = Result<Tuned, Error>>;

    /// Runs each kernel of a classifier on known values, where this device has not been checked with it, and compares it with the
    /// CPU engine. Nothing for a classifier on the CPU.
    ///
    /// # Errors
    /// The device fails or is lost.
    fn self_check(&self, classifier: &Self::Classifier) -> impl Future<Output = Result<Vec<KernelCheck>, Error>>;

    /// Chooses other kernels in the place of those that failed; `None` where there are none, and the device is of no use.
    fn avoid(&self, classifier: &Self::Classifier, checks: &[KernelCheck]) -> Option<Tuning>;

    /// Forgets the checks of a GPU, so that each kernel is checked again.
    fn forget_checks(&self, gpu: &Self::Gpu);

    /// Cores of the processor that can share a network; 0 where it runs in the session's own thread.
    #[cfg(feature = "page")]
    fn cores(&self) -> usize;

    /// Milliseconds of a run of one block of the network on so many cores, for each of `counts`.
    ///
    /// # Errors
    /// The weights cannot be read, or cores cannot be started.
    #[cfg(feature = "page")]
    fn time_cores(
        &self,
        model: &Model,
        setting: &Setting,
        counts: &[usize],
    ) -> impl Future<Output = Result<Vec<(usize, f64)>, Error>>;

    /// Begins to compile what a plan needs.
    fn compile(&self, gpu: &Self::Gpu, plan: &Plan);

    /// Plans a network, brings it to the device and, with `warm_up`, runs it once.
    ///
    /// # Errors
    /// The weights cannot be read, or the device cannot run the network or is lost.
    fn load(
        &self,
        device: &DeviceOf<Self::Gpu>,
        model: &Model,
        setting: &Setting,
        warm_up: bool,
        progress: &dyn Fn(Progress),
    ) -> impl Future<Output = Result<Self::Classifier, Error>>;

    /// As [`Engines::load`], without a first run, for `batch` pictures per run.
    ///
    /// # Errors
    /// As [`Engines::load`].
    fn load_batch(
        &self,
        device: &DeviceOf<Self::Gpu>,
        model: &Model,
        setting: &Setting,
        batch: usize,
    ) -> impl Future<Output = Result<Self::Classifier, Error>>;

    /// The model that a classifier was loaded from.
    fn model<'a>(&self, classifier: &'a Self::Classifier) -> &'a Model;

    /// Bytes that a classifier takes on its device, for weights and activations.
    fn bytes(&self, classifier: &Self::Classifier) -> u64;

    /// Classifies one picture: `tensor` is [`Prepared::tensor`].
    ///
    /// # Errors
    /// The device fails or is lost.
    fn classify(
        &self,
        classifier: &Self::Classifier,
        tensor: &[f32],
    ) -> impl Future<Output = Result<Classification, Error>>;

    /// Classifies as many pictures as the classifier was loaded for; `tensors` has them in turn.
    ///
    /// # Errors
    /// The device fails or is lost.
    fn classify_batch(
        &self,
        classifier: &Self::Classifier,
        tensors: &[f32],
    ) -> impl Future<Output = Result<Vec<Classification>, Error>>;

    /// Class activation maps of answers to the picture that was classified last; `run` is its [`Classification::run`]. `None`
    /// where the network has run since.
    ///
    /// # Errors
    /// The head's weights cannot be read, or the device fails or is lost.
    fn class_activation(
        &self,
        classifier: &Self::Classifier,
        run: u64,
        answers: &[usize],
    ) -> impl Future<Output = Result<Option<ClassActivation>, Error>>;

    /// Reads one group of a convolution at work on a picture. `None` where the network has none like it.
    ///
    /// # Errors
    /// The weights cannot be read, or the device fails or is lost.
    fn group(
        &self,
        classifier: &Self::Classifier,
        tensor: &[f32],
        look: &GroupLook,
    ) -> impl Future<Output = Result<Option<Group>, Error>>;

    /// Brings one block to the device in its three forms, with its own input for a picture. `None` where the network has no such
    /// block.
    ///
    /// # Errors
    /// The weights cannot be read, or the device cannot run it or is lost.
    fn forms(
        &self,
        device: &DeviceOf<Self::Gpu>,
        classifier: &Self::Classifier,
        setting: &Setting,
        block: &str,
        tensor: &[f32],
    ) -> impl Future<Output = Result<Option<Self::Forms>, Error>>;

    /// Dispatches, trained values and multiply-adds of a form.
    fn form_cost(&self, forms: &Self::Forms, form: BlockForm) -> (usize, u64, u64);

    /// Runs a form; its output has the block's name.
    ///
    /// # Errors
    /// The device fails or is lost.
    fn run_form(&self, forms: &Self::Forms, form: BlockForm) -> impl Future<Output = Result<Run, Error>>;

    /// Times every dispatch of a run on one picture.
    ///
    /// # Errors
    /// The device fails or is lost.
    fn profile(
        &self,
        classifier: &Self::Classifier,
        tensor: &[f32],
    ) -> impl Future<Output = Result<Vec<StepTime>, Error>>;
}

/// A decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<F> {
    /// Width in pixels, after its EXIF orientation was applied.
    pub width: u32,
    /// Height in pixels, after its EXIF orientation was applied.
    pub height: u32,
    /// What the network sees of it.
    pub prepared: Prepared,
    /// A picture to be shown in place of the file, where a browser would make something else of that.
    pub shown: Option<F>,
}

/// The sheet of test pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct TestSheet {
    /// Its pixels: RGBA, row by row.
    pub rgba: Vec<u8>,
    /// What its pictures show, in the order of the sheet.
    pub items: Vec<crate::zoo::cifar10::Item>,
}

/// Files: the visitor's, the page's own, and those of other servers.
pub trait Files {
    /// A handle of a file; its bytes stay where they are.
    type File: Clone + 'static;
    /// The pixels of one frame of a camera, a video or a screen.
    type Frame: 'static;

    /// A file's bytes, read where and when they are asked for.
    fn source(&self, file: &Self::File) -> Rc<dyn ByteSource>;

    /// Makes a file of bytes.
    ///
    /// # Errors
    /// There is no memory for it, in the browser's words.
    fn file(&self, bytes: &[u8]) -> Result<Self::File, String>;

    /// Makes one file of several, one after the other.
    ///
    /// # Errors
    /// There is no room for it, in the browser's words.
    fn join(&self, parts: &[Self::File]) -> Result<Self::File, String>;

    /// Fetches a small file of the page's own, by its path.
    ///
    /// # Errors
    /// Why it cannot be fetched, in words.
    fn fetch(&self, path: &str) -> impl Future<Output = Result<Self::File, String>>;

    /// Fetches a text; `None` where there is none at the address.
    ///
    /// # Errors
    /// The server cannot be reached or answers otherwise, or the text is too long.
    fn text(&self, url: &str) -> impl Future<Output = Result<Option<String>, FetchError>>;

    /// Decodes a picture and prepares it for a network.
    ///
    /// # Errors
    /// Why it cannot be used, as a sentence.
    fn decode(
        &self,
        file: &Self::File,
        preprocess: &Preprocess,
    ) -> impl Future<Output = Result<Decoded<Self::File>, String>>;

    /// Prepares a frame for a network, as [`Files::decode`] prepares a picture.
    ///
    /// # Errors
    /// Why it cannot be used, as a sentence.
    fn decode_frame(&self, frame: &Self::Frame, preprocess: &Preprocess) -> Result<Decoded<Self::File>, String>;

    /// Fetches the test pictures.
    ///
    /// # Errors
    /// Why they cannot be fetched, in words.
    fn test_sheet(&self) -> impl Future<Output = Result<TestSheet, String>>;

    /// Asks for a weights file, and returns when the head of the response has arrived.
    ///
    /// # Errors
    /// The server cannot be reached, or does not send the file.
    fn download(&self, request: FileRequest) -> impl Future<Output = Result<Rc<dyn Download>, FetchError>>;

    /// Whether another tab is downloading a file: [`Files::download`] waits for it.
    fn is_downloaded(&self, url: &str) -> impl Future<Output = bool>;

    /// The files in the browser's cache.
    fn cached_files(&self) -> impl Future<Output = Vec<CachedFile>>;

    /// Removes a file from the browser's cache.
    fn remove(&self, url: &str) -> impl Future<Output = ()>;

    /// Who reads what PyTorch's files say of their tensors.
    fn torch_reader(&self) -> &dyn TorchReader;

    /// The SHA-256 of a file, in hexadecimal digits; `None` where it cannot be read.
    fn sha256(&self, source: &dyn ByteSource) -> impl Future<Output = Option<String>>;
}

/// A file that is being downloaded: read what has arrived, and wait for what has not.
pub trait Download: ByteSource {
    /// Its absolute address.
    fn url(&self) -> String;

    /// Receives it, with reports. Dropped, it stops; what has arrived stays in the browser's cache.
    ///
    /// # Errors
    /// The file cannot be fetched, or is not the one expected.
    fn run<'a>(&'a self, progress: &'a dyn Fn(DownloadProgress)) -> Pending<'a, Result<(), FetchError>>;

    /// Waits until [`ByteSource::size`] is the size of the whole file.
    ///
    /// # Errors
    /// What [`Download::run`] ended with before that.
    fn sized(&self) -> Pending<'_, Result<(), FetchError>>;

    /// Waits until all of it has arrived and has been verified.
    ///
    /// # Errors
    /// What [`Download::run`] ended with.
    fn finished(&self) -> Pending<'_, Result<(), FetchError>>;

    /// The SHA-256 that it has or must have, in hexadecimal digits; `None` where none is known.
    fn sha256(&self) -> Option<String>;

    /// Where it is stored.
    fn storage(&self) -> Storage;
}
