//! A stand-in for the host: each of its waits ends when and how the test says.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use cardinal::Error;
use cardinal::classifier::{
    ClassActivation, Classification, DeviceOf, Group, Model, Prediction, Progress, Run, StepTime, Timing,
};
use cardinal::gpu::{GpuError, Tuned};
use cardinal::image::{Prepared, Preprocess, RgbImage};
use cardinal::model::BlockForm;
use cardinal::plan::{OutputTensor, Plan, Tuning};
use cardinal::protocol::{Adapter, Backend, CachedFile, Event, GroupLook, Picture, Setting};
use cardinal::session::{Decoded, Download, Engines, Files, Host, TestSheet};
use cardinal::shape::{Conv2dSpec, Nchw};
use cardinal::store::{DownloadProgress, FetchError, FileRequest, Storage};
use cardinal::view::group::GroupValues;
use cardinal::weights::{ByteSource, Pending, WeightError};
use cardinal::zoo::test_set::{COLUMNS, Item, PICTURES, SIDE};
use futures_channel::oneshot;

/// The files of weights that ship with the page, by address.
static SHIPPED: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let trained = cardinal::zoo::offers().remove(0).trained;
    let read = |path: &str| std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("it ships");
    trained
        .iter()
        .map(|weights| match &weights.location {
            cardinal::zoo::Location::Bundled(path) => (path.clone(), read(path)),
            other => panic!("{other:?} does not ship"),
        })
        .collect()
});

static UNDESCRIBED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let path = format!("{}/tests/data/field/checkpoints/twin.safetensors", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a fixture");
    let file = safetensors::SafeTensors::deserialize(&bytes).expect("safetensors");
    safetensors::serialize(file.tensors(), None).expect("the same tensors")
});

/// How a wait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Good,
    Bad,
    /// The device that was at work is lost.
    Lost,
    /// The device that was at work does not answer any more.
    Hung,
}

/// A wait that the test ends.
struct Wait {
    what: &'static str,
    end: oneshot::Sender<Outcome>,
}

/// A file, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// A picture that the network sees as this number.
    Picture(u64),
    /// The weights of the first network.
    Weights,
    /// Weights of six classes that say nothing of themselves.
    Undescribed,
    /// Neither a picture nor weights.
    Broken,
}

/// What the stand-ins and the test share.
#[derive(Default)]
pub struct World {
    pub events: RefCell<Vec<Event>>,
    /// The files that went to the page.
    pub sent: RefCell<Vec<File>>,
    waits: RefCell<Vec<Wait>>,
    spawned: RefCell<Vec<Pending<'static, ()>>>,
    /// Who waits for the loss of a device.
    losses: RefCell<Vec<oneshot::Sender<()>>>,
    clock: Cell<f64>,
    /// Whether there is a GPU.
    pub has_gpu: Cell<bool>,
    /// Whether it is a software adapter.
    pub is_software: Cell<bool>,
    /// Whether the worker has WebGPU at all.
    pub has_webgpu: Cell<bool>,
    /// How many files were asked for.
    pub downloads: Cell<usize>,
    /// How many plans were compiled ahead.
    pub compiled: Cell<usize>,
    /// Whether tuning changes the kernels.
    pub finds_kernels: Cell<bool>,
    /// The forms of blocks that ran, in their order.
    pub forms_run: RefCell<Vec<BlockForm>>,
    /// Classifiers on devices.
    pub networks: Cell<usize>,
    /// How many classifiers were loaded.
    pub loads: Cell<usize>,
    /// Bytes that each of them takes, beside the usual 1000.
    pub more_bytes: Cell<u64>,
    /// The cardinalities of the networks that ran, in order.
    pub ran: RefCell<Vec<usize>>,
}

impl World {
    /// The names of the waits, without those that were dropped.
    pub fn waiting(&self) -> Vec<&'static str> {
        self.waits.borrow_mut().retain(|wait| !wait.end.is_canceled());
        self.waits.borrow().iter().map(|wait| wait.what).collect()
    }

    /// Ends a wait, by its index in [`World::waiting`].
    pub fn end(&self, index: usize, outcome: Outcome) {
        let wait = self.waits.borrow_mut().remove(index);
        let _ = wait.end.send(outcome);
    }

    /// All open devices are lost.
    pub fn lose_devices(&self) {
        for loss in self.losses.take() {
            let _ = loss.send(());
        }
    }

    pub fn take_spawned(&self) -> Vec<Pending<'static, ()>> {
        self.spawned.take()
    }

    /// Something else keeps the machine busy for this many milliseconds.
    pub fn advance(&self, ms: f64) {
        self.clock.set(self.clock.get() + ms);
    }

    /// Waits until the test ends it; the clock advances by a millisecond.
    async fn wait(&self, what: &'static str) -> Outcome {
        let (end, ended) = oneshot::channel();
        self.waits.borrow_mut().push(Wait { what, end });
        let outcome = ended.await.unwrap_or(Outcome::Bad);
        self.clock.set(self.clock.get() + 1.0);
        outcome
    }
}

#[derive(Clone)]
pub struct Fake(pub Rc<World>);

/// A classifier on a stand-in for a device.
pub struct Classifier {
    model: Model,
    setting: Setting,
    world: Rc<World>,
    /// How often it has classified.
    runs: Cell<u64>,
    /// How many pictures it takes at a time.
    batch: Cell<usize>,
}

impl Drop for Classifier {
    fn drop(&mut self) {
        self.world.networks.set(self.world.networks.get() - 1);
    }
}

/// A block in its three forms on a stand-in for a device.
pub struct BlockOf {
    block: String,
    value: f32,
}

/// What a device at work that is lost or hangs reports.
fn lost(outcome: Outcome) -> Error {
    let error = match outcome {
        Outcome::Hung => GpuError::Hung { seconds: 10 },
        _ => GpuError::Lost { detail: "pulled out".into() },
    };
    error.into()
}

impl Engines for Fake {
    type Gpu = Cell<Tuning>;
    type Classifier = Classifier;
    type Forms = BlockOf;

    async fn open_gpu(&self) -> Result<Cell<Tuning>, GpuError> {
        match self.0.wait("open_gpu").await {
            Outcome::Good if self.0.has_gpu.get() => Ok(Cell::new(Tuning::SOFTWARE)),
            _ if !self.0.has_webgpu.get() => Err(GpuError::NoWebGpu),
            _ => Err(GpuError::NoAdapter),
        }
    }

    fn loss(&self, _gpu: &Cell<Tuning>) -> impl Future<Output = ()> + use<> {
        let (sender, lost) = oneshot::channel();
        self.0.losses.borrow_mut().push(sender);
        async move {
            let _ = lost.await;
        }
    }

    fn adapter(&self, _gpu: &Cell<Tuning>) -> Adapter {
        let (name, backend) = ("stand-in".into(), "WebGPU".into());
        Adapter { name, backend, software: self.0.is_software.get(), timestamps: true }
    }

    fn tuning(&self, gpu: &Cell<Tuning>) -> Tuning {
        gpu.get()
    }

    fn set_tuning(&self, gpu: &Cell<Tuning>, tuning: Tuning) {
        gpu.set(tuning);
    }

    async fn tune(&self, gpu: &Cell<Tuning>) -> Result<Tuned, Error> {
        match self.0.wait("tune").await {
            Outcome::Good => {
                if self.0.finds_kernels.get() {
                    gpu.set(Tuning::GPU);
                }
                Ok(Tuned { tuning: gpu.get(), trials: Vec::new(), complete: true, ms: 1.0 })
            }
            Outcome::Bad => Err(GpuError::Validation { detail: "refused".into() }.into()),
            outcome => Err(lost(outcome)),
        }
    }

    fn compile(&self, _gpu: &Cell<Tuning>, _plan: &Plan) {
        self.0.compiled.set(self.0.compiled.get() + 1);
    }

    async fn load(
        &self,
        device: &DeviceOf<Cell<Tuning>>,
        model: &Model,
        setting: &Setting,
        _warm_up: bool,
        progress: &dyn Fn(Progress),
    ) -> Result<Classifier, Error> {
        assert_eq!(matches!(device, DeviceOf::Cpu), setting.backend == Backend::Cpu);
        progress(Progress::Planned { steps: 3 });
        match self.0.wait("load").await {
            Outcome::Good => {
                progress(Progress::WarmUp);
                self.0.networks.set(self.0.networks.get() + 1);
                self.0.loads.set(self.0.loads.get() + 1);
                Ok(Classifier {
                    model: model.clone(),
                    setting: setting.clone(),
                    world: self.0.clone(),
                    runs: Cell::default(),
                    batch: Cell::new(1),
                })
            }
            Outcome::Bad => Err(GpuError::OutOfMemory { detail: "full".into() }.into()),
            _ if setting.backend == Backend::Cpu => Err(GpuError::OutOfMemory { detail: "full".into() }.into()),
            outcome => Err(lost(outcome)),
        }
    }

    async fn load_batch(
        &self,
        device: &DeviceOf<Cell<Tuning>>,
        model: &Model,
        setting: &Setting,
        batch: usize,
    ) -> Result<Classifier, Error> {
        let classifier = self.load(device, model, setting, false, &|_| {}).await?;
        classifier.batch.set(batch);
        Ok(classifier)
    }

    fn model<'a>(&self, classifier: &'a Classifier) -> &'a Model {
        &classifier.model
    }

    fn bytes(&self, _classifier: &Classifier) -> u64 {
        1000 + self.0.more_bytes.get()
    }

    /// The logits are the number of the picture, the cardinality and the backend.
    async fn classify(&self, classifier: &Classifier, tensor: &[f32]) -> Result<Classification, Error> {
        match self.0.wait("classify").await {
            Outcome::Good => {
                let backend = classifier.setting.backend as usize as f32;
                classifier.runs.set(classifier.runs.get() + 1);
                self.0.ran.borrow_mut().push(classifier.setting.config.cardinality);
                Ok(Classification {
                    run: classifier.runs.get(),
                    logits: vec![tensor[0], classifier.setting.config.cardinality as f32, backend],
                    probabilities: vec![0.0, 0.0, 0.0, 1.0],
                    top_k: vec![Prediction { index: 3, label: None, probability: 1.0 }],
                    outputs: Default::default(),
                    timing: Timing { wall_ms: 2.0, gpu_ms: Some(1.0) },
                })
            }
            outcome @ (Outcome::Lost | Outcome::Hung) if classifier.setting.backend == Backend::WebGpu => {
                Err(lost(outcome))
            }
            _ => Err(GpuError::Validation { detail: "refused".into() }.into()),
        }
    }

    async fn classify_batch(&self, classifier: &Classifier, tensors: &[f32]) -> Result<Vec<Classification>, Error> {
        let batch = classifier.batch.get();
        assert!(tensors.len().is_multiple_of(batch), "whole pictures");
        let one = self.classify(classifier, tensors).await?;
        Ok(vec![one; batch])
    }

    /// One map of two pixels per class: the class's index, and the run.
    async fn class_activation(
        &self,
        classifier: &Classifier,
        run: u64,
        answers: &[usize],
    ) -> Result<Option<ClassActivation>, Error> {
        match self.0.wait("class_activation").await {
            Outcome::Good if run != classifier.runs.get() => Ok(None),
            Outcome::Good => {
                let values = answers.iter().flat_map(|&answer| [answer as f32, run as f32]).collect();
                Ok(Some(ClassActivation { shape: Nchw::new(1, answers.len(), 1, 2), values }))
            }
            outcome @ (Outcome::Lost | Outcome::Hung) if classifier.setting.backend == Backend::WebGpu => {
                Err(lost(outcome))
            }
            _ => Err(GpuError::Validation { detail: "refused".into() }.into()),
        }
    }

    /// One input channel and one output channel of one pixel.
    async fn group(&self, classifier: &Classifier, tensor: &[f32], look: &GroupLook) -> Result<Option<Group>, Error> {
        let groups = classifier.setting.config.cardinality;
        match self.0.wait("group").await {
            Outcome::Good if look.group >= groups => Ok(None),
            Outcome::Good => Ok(Some(Group {
                spec: Conv2dSpec {
                    in_channels: groups,
                    out_channels: groups,
                    kernel_size: 1,
                    stride: 1,
                    padding: 0,
                    groups,
                },
                input: Nchw::new(1, 1, 1, 1),
                output: Nchw::new(1, 1, 1, 1),
                inputs: vec![tensor[0]],
                outputs: vec![tensor[0]],
                weight: vec![1.0],
                bias: vec![0.0],
                filters: Vec::new(),
            })),
            outcome @ (Outcome::Lost | Outcome::Hung) if classifier.setting.backend == Backend::WebGpu => {
                Err(lost(outcome))
            }
            _ => Err(GpuError::Validation { detail: "refused".into() }.into()),
        }
    }

    /// Every block has the channels of its picture; form A is off by a millionth.
    async fn forms(
        &self,
        _device: &DeviceOf<Cell<Tuning>>,
        classifier: &Classifier,
        _setting: &Setting,
        block: &str,
        tensor: &[f32],
    ) -> Result<Option<BlockOf>, Error> {
        match self.0.wait("forms").await {
            Outcome::Good if !block.starts_with("layer") => Ok(None),
            Outcome::Good => Ok(Some(BlockOf { block: block.to_owned(), value: tensor[0] })),
            outcome @ (Outcome::Lost | Outcome::Hung) if classifier.setting.backend == Backend::WebGpu => {
                Err(lost(outcome))
            }
            _ => Err(GpuError::Validation { detail: "refused".into() }.into()),
        }
    }

    fn form_cost(&self, _forms: &BlockOf, form: BlockForm) -> (usize, u64, u64) {
        (10 - 3 * form as usize, 500, 7000)
    }

    async fn run_form(&self, forms: &BlockOf, form: BlockForm) -> Result<Run, Error> {
        match self.0.wait("run_form").await {
            Outcome::Good => {
                self.0.forms_run.borrow_mut().push(form);
                let off = if form == BlockForm::A { forms.value * 1e-6 } else { 0.0 };
                let values = vec![forms.value + off];
                let output = OutputTensor { name: forms.block.clone(), shape: Nchw::new(1, 1, 1, 1), values };
                let outputs = [output].into_iter().collect();
                Ok(Run { id: 1, outputs, wall_ms: 1.0 + form as usize as f64, gpu_ms: Some(0.5), submissions: 1 })
            }
            _ => Err(GpuError::Validation { detail: "refused".into() }.into()),
        }
    }

    async fn profile(&self, classifier: &Classifier, _tensor: &[f32]) -> Result<Vec<StepTime>, Error> {
        match self.0.wait("profile").await {
            Outcome::Good => Ok(vec![StepTime {
                layers: vec!["conv1".into()],
                kernel: "conv2d_direct".into(),
                ms: 1.0,
                repeats: 20,
                macs: 1000,
                bytes: 100,
            }]),
            outcome @ (Outcome::Lost | Outcome::Hung) if classifier.setting.backend == Backend::WebGpu => {
                Err(lost(outcome))
            }
            _ => Err(GpuError::Validation { detail: "refused".into() }.into()),
        }
    }
}

impl Files for Fake {
    type File = File;

    fn source(&self, file: &File) -> Rc<dyn ByteSource> {
        match file {
            File::Weights => Rc::new(SHIPPED[0].1.clone()),
            File::Undescribed => Rc::new(UNDESCRIBED.clone()),
            _ => Rc::new(b"no weights at all".to_vec()),
        }
    }

    fn file(&self, bytes: &[u8]) -> Result<File, String> {
        Ok(File::Picture(bytes.len() as u64))
    }

    /// As many bytes as its parts.
    fn join(&self, parts: &[File]) -> Result<File, String> {
        let bytes = |part: &File| if let File::Picture(bytes) = part { *bytes } else { 0 };
        Ok(File::Picture(parts.iter().map(bytes).sum()))
    }

    async fn fetch(&self, path: &str) -> Result<File, String> {
        match self.0.wait("fetch").await {
            Outcome::Good => Ok(File::Picture(path.parse().expect("tests name their pictures by number"))),
            _ => Err("the server answered 404".into()),
        }
    }

    async fn text(&self, _url: &str) -> Result<Option<String>, FetchError> {
        Ok(None)
    }

    async fn decode(&self, file: &File, preprocess: &Preprocess) -> Result<Decoded<File>, String> {
        match (self.0.wait("decode").await, *file) {
            (Outcome::Good, File::Picture(number)) => {
                let side = preprocess.crop;
                let seen = RgbImage::new(side, side, vec![0; side * side * 3]).expect("a picture");
                let prepared = Prepared { seen, tensor: vec![number as f32; 3 * side * side] };
                Ok(Decoded { width: 64, height: 48, prepared, shown: None })
            }
            _ => Err("the browser cannot decode this file".into()),
        }
    }

    async fn test_sheet(&self) -> Result<TestSheet, String> {
        match self.0.wait("test_sheet").await {
            Outcome::Good => Ok(TestSheet {
                rgba: vec![0; PICTURES.div_ceil(COLUMNS) * COLUMNS * SIDE * SIDE * 4],
                items: (0..PICTURES).map(|number| Item { number, class: number % 10 }).collect(),
            }),
            _ => Err("the server answered 404".into()),
        }
    }

    async fn download(&self, request: FileRequest) -> Result<Rc<dyn Download>, FetchError> {
        self.0.downloads.set(self.0.downloads.get() + 1);
        let bytes = SHIPPED.iter().find(|(path, _)| *path == request.url);
        let Some((url, bytes)) = bytes else { return Err(FetchError::Address(request.url)) };
        Ok(Rc::new(FakeDownload { url: url.clone(), bytes, world: self.0.clone() }))
    }

    async fn cached_files(&self) -> Vec<CachedFile> {
        Vec::new()
    }

    async fn remove(&self, _url: &str) {}

    async fn sha256(&self, _source: &dyn ByteSource) -> Option<String> {
        None
    }
}

struct FakeDownload {
    url: String,
    bytes: &'static [u8],
    world: Rc<World>,
}

impl Download for FakeDownload {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn run<'a>(&'a self, progress: &'a dyn Fn(DownloadProgress)) -> Pending<'a, Result<(), FetchError>> {
        Box::pin(async {
            match self.world.wait("download").await {
                Outcome::Good => {
                    let total = self.bytes.len() as u64;
                    let done = DownloadProgress {
                        done: total,
                        total: Some(total),
                        bytes_per_second: None,
                        seconds_left: None,
                        resumed_from: 0,
                    };
                    progress(done);
                    Ok(())
                }
                _ => Err(FetchError::Status { host: "here".into(), status: 404 }),
            }
        })
    }

    fn sized(&self) -> Pending<'_, Result<(), FetchError>> {
        Box::pin(async { Ok(()) })
    }

    fn finished(&self) -> Pending<'_, Result<(), FetchError>> {
        Box::pin(async { Ok(()) })
    }

    fn sha256(&self) -> Option<String> {
        None
    }

    fn storage(&self) -> Storage {
        Storage::Cache
    }
}

impl ByteSource for FakeDownload {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        Box::pin(async move { Ok(self.bytes[range.start as usize..range.end as usize].to_vec()) })
    }
}

impl Host for Fake {
    fn emit(&self, event: Event) {
        // Whatever crosses to the page must survive the crossing.
        let json = serde_json::to_string(&event).expect("plain data");
        assert_eq!(serde_json::from_str::<Event>(&json).expect("plain data"), event);
        self.0.events.borrow_mut().push(event);
    }

    fn emit_bytes(&self, event: Event, bytes: &[u8]) {
        if let Event::Group(group) = &event {
            assert!(GroupValues::new(group.sizes, bytes).is_some(), "{} bytes of {:?}", bytes.len(), group.sizes);
        }
        self.emit(event);
    }

    fn emit_file(&self, event: Event, file: &File, bytes: &[u8]) {
        if let Event::Picture(Picture { side, .. }) = event {
            assert_eq!(bytes.len(), (side * side * 4) as usize);
        }
        self.0.sent.borrow_mut().push(*file);
        self.emit(event);
    }

    fn spawn(&self, work: Pending<'static, ()>) {
        self.0.spawned.borrow_mut().push(work);
    }

    async fn sleep(&self, _ms: u32) {
        self.0.wait("sleep").await;
    }

    async fn turn(&self) {
        self.0.wait("turn").await;
    }

    fn now(&self) -> f64 {
        self.0.clock.get()
    }
}
