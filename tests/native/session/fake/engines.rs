//! Devices and networks of the stand-in.

use std::cell::Cell;
use std::rc::Rc;

use cardinal::Error;
use cardinal::classifier::{
    ClassActivation, Classification, DeviceOf, Group, Model, Prediction, Progress, Run, StepTime, Timing,
};
use cardinal::cpu::CpuError;
use cardinal::gpu::{GpuError, Tuned};
use cardinal::model::BlockForm;
use cardinal::plan::{FEATURES, KernelCheck, OutputTensor, Plan, Tuning};
use cardinal::protocol::{Adapter, Backend, GroupLook, Setting};
use cardinal::session::Engines;
use cardinal::shape::{Conv2dSpec, Nchw};
use futures_channel::oneshot;

use super::{Fake, Outcome, World};

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

/// What a network has of a picture before its head: even and odd numbers are easy to tell apart.
fn features(number: f32) -> OutputTensor {
    let values = vec![number / 100.0, number % 2.0];
    OutputTensor { name: FEATURES.to_owned(), shape: Nchw::new(1, values.len(), 1, 1), values }
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
        Adapter { name, backend, software: self.0.is_software.get(), timestamps: true, facts: vec![] }
    }

    fn tuning(&self, gpu: &Cell<Tuning>) -> Tuning {
        gpu.get()
    }

    fn set_tuning(&self, gpu: &Cell<Tuning>, tuning: Tuning) {
        gpu.set(tuning);
    }

    fn cores(&self) -> usize {
        self.0.cores.get()
    }

    async fn time_cores(&self, _: &Model, setting: &Setting, counts: &[usize]) -> Result<Vec<(usize, f64)>, Error> {
        assert_eq!(setting.backend, Backend::Cpu);
        let best = self.0.best_cores.get();
        match self.0.wait("time_cores").await {
            Outcome::Good => Ok(counts.iter().map(|&count| (count, if count == best { 5.0 } else { 10.0 })).collect()),
            _ => Err(CpuError::Cores("no more threads".into()).into()),
        }
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

    async fn self_check(&self, classifier: &Classifier) -> Result<Vec<KernelCheck>, Error> {
        if classifier.setting.backend == Backend::Cpu {
            return Ok(Vec::new());
        }
        match self.0.wait("self_check").await {
            Outcome::Good => {
                self.0.checks.set(self.0.checks.get() + 1);
                let is_wrong = self.0.wrong_kernels.get() > 0;
                let (kernel, layers) = ("conv2d_grouped".into(), vec!["layer1.0.conv2".into()]);
                Ok(vec![KernelCheck { kernel, layers, error: (!is_wrong).then_some(1e-7), limit: 1e-4 }])
            }
            Outcome::Bad => Err(GpuError::Validation { detail: "refused".into() }.into()),
            outcome => Err(lost(outcome)),
        }
    }

    fn avoid(&self, _classifier: &Classifier, _checks: &[KernelCheck]) -> Option<Tuning> {
        self.0.wrong_kernels.set(self.0.wrong_kernels.get() - 1);
        let others = self.0.other_kernels.get();
        self.0.other_kernels.set(others.saturating_sub(1));
        (others > 0).then_some(Tuning::SOFTWARE)
    }

    fn forget_checks(&self, _gpu: &Cell<Tuning>) {}

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
            Outcome::Bad => Err(GpuError::Validation { detail: "refused".into() }.into()),
            Outcome::Lost if setting.backend == Backend::Cpu && setting.cores > 0 => {
                Err(CpuError::Cores("no more threads".into()).into())
            }
            _ if setting.backend == Backend::Cpu => Err(CpuError::OutOfMemory { needed: 1000 }.into()),
            Outcome::Full => Err(GpuError::OutOfMemory { needed: Some(1000) }.into()),
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
                let class = if self.0.sees_another.get() { 2 } else { 3 };
                Ok(Classification {
                    run: classifier.runs.get(),
                    logits: vec![tensor[0], classifier.setting.config.cardinality as f32, backend],
                    probabilities: (0..4).map(|index| f32::from(index == class)).collect(),
                    top_k: vec![Prediction { index: class, label: None, probability: 1.0 }],
                    outputs: [features(tensor[0])].into_iter().collect(),
                    timing: Timing { wall_ms: 2.0, gpu_ms: Some(1.0) },
                })
            }
            outcome @ (Outcome::Lost | Outcome::Hung) if classifier.setting.backend == Backend::WebGpu => {
                Err(lost(outcome))
            }
            Outcome::Lost if classifier.setting.cores > 0 => Err(CpuError::Cores("a core has stopped".into()).into()),
            Outcome::OutsideF16 => Err(GpuError::ActivationOutsideF16.into()),
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
