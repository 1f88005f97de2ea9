//! Classifiers on the GPU and on the CPU, for the session.

use super::Browser;
#[cfg(feature = "page")]
use super::cores::shared;
use crate::Error;
#[cfg(feature = "page")]
use crate::classifier::time_cores;
use crate::classifier::{
    BlockForms, ClassActivation, Classification, Classifier, Device, Group, LoadOptions, Model, Progress, Run, StepTime,
};
use crate::gpu::{Gpu, GpuError, Tuned};
use crate::model::BlockForm;
use crate::plan::{KernelCheck, Plan, Tuning};
use crate::protocol::{Adapter, GROUP_CHANNELS, GroupLook, Setting};
use crate::session::Engines;

impl Engines for Browser {
    type Gpu = Gpu;
    type Classifier = Classifier;
    type Forms = BlockForms;

    async fn open_gpu(&self) -> Result<Gpu, GpuError> {
        self.gpu().await
    }

    fn loss(&self, gpu: &Gpu) -> impl Future<Output = ()> + use<> {
        gpu.loss()
    }

    fn adapter(&self, gpu: &Gpu) -> Adapter {
        gpu.adapter().into()
    }

    fn tuning(&self, gpu: &Gpu) -> Tuning {
        gpu.tuning()
    }

    fn set_tuning(&self, gpu: &Gpu, tuning: Tuning) {
        gpu.set_tuning(tuning);
    }

    async fn tune(&self, gpu: &Gpu) -> Result<Tuned, Error> {
        Ok(gpu.tune().await?)
    }

    async fn self_check(&self, classifier: &Classifier) -> Result<Vec<KernelCheck>, Error> {
        classifier.self_check().await
    }

    fn avoid(&self, classifier: &Classifier, checks: &[KernelCheck]) -> Option<Tuning> {
        classifier.avoid(checks)
    }

    fn forget_checks(&self, gpu: &Gpu) {
        gpu.trust().forget_checks();
    }

    #[cfg(feature = "page")]
    fn cores(&self) -> usize {
        super::cores::count()
    }

    #[cfg(feature = "page")]
    async fn time_cores(&self, model: &Model, setting: &Setting, counts: &[usize]) -> Result<Vec<(usize, f64)>, Error> {
        time_cores(&super::cores::host(), model, setting.options(), counts).await
    }

    fn compile(&self, gpu: &Gpu, plan: &Plan) {
        gpu.prepare(plan);
    }

    async fn load(
        &self,
        device: &Device,
        model: &Model,
        setting: &Setting,
        warm_up: bool,
        progress: &dyn Fn(Progress),
    ) -> Result<Classifier, Error> {
        let options = LoadOptions { warm_up, ..setting.options().into() };
        // Any network may be taught, and its features are some kilobytes.
        Classifier::load(shared(device, setting), model, options.with_features(), progress).await
    }

    async fn load_batch(
        &self,
        device: &Device,
        model: &Model,
        setting: &Setting,
        batch: usize,
    ) -> Result<Classifier, Error> {
        let options = LoadOptions { warm_up: false, batch, ..setting.options().into() };
        Classifier::load(shared(device, setting), model, options, |_| {}).await
    }

    fn model<'a>(&self, classifier: &'a Classifier) -> &'a Model {
        classifier.model()
    }

    fn bytes(&self, classifier: &Classifier) -> u64 {
        classifier.bytes() as u64
    }

    async fn classify(&self, classifier: &Classifier, tensor: &[f32]) -> Result<Classification, Error> {
        classifier.classify(tensor).await
    }

    async fn classify_batch(&self, classifier: &Classifier, tensors: &[f32]) -> Result<Vec<Classification>, Error> {
        classifier.classify_batch(tensors).await
    }

    async fn class_activation(
        &self,
        classifier: &Classifier,
        run: u64,
        answers: &[usize],
    ) -> Result<Option<ClassActivation>, Error> {
        classifier.class_activation(run, answers).await
    }

    async fn group(&self, classifier: &Classifier, tensor: &[f32], look: &GroupLook) -> Result<Option<Group>, Error> {
        let channels = look.first..look.first.saturating_add(GROUP_CHANNELS);
        classifier.group(tensor, &look.layer, look.group, channels).await
    }

    async fn forms(
        &self,
        device: &Device,
        classifier: &Classifier,
        setting: &Setting,
        block: &str,
        tensor: &[f32],
    ) -> Result<Option<BlockForms>, Error> {
        classifier.block_forms(device, block, setting.options(), tensor).await
    }

    fn form_cost(&self, forms: &BlockForms, form: BlockForm) -> (usize, u64, u64) {
        let plan = forms.plan(form);
        (plan.steps.len(), plan.graph.parameters(), plan.graph.macs())
    }

    async fn run_form(&self, forms: &BlockForms, form: BlockForm) -> Result<Run, Error> {
        forms.run(form).await
    }

    async fn profile(&self, classifier: &Classifier, tensor: &[f32]) -> Result<Vec<StepTime>, Error> {
        classifier.profile(tensor).await
    }
}

#[cfg(not(feature = "page"))]
fn shared(device: &Device, _: &Setting) -> Device {
    device.clone()
}
