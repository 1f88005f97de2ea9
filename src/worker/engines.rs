//! Networks on the GPU and on the CPU, for the session.

use std::rc::Rc;

use super::Browser;
use crate::Error;
use crate::classifier::{self, Answer, Classifier, LoadOptions, Model, Progress, StepTime};
use crate::gpu::{Gpu, GpuError};
use crate::plan::{Plan, Tuning};
use crate::protocol::{Adapter, Setting};
use crate::session::{Device, Engines, Tuned};

impl Engines for Browser {
    type Gpu = Gpu;
    type Network = Classifier;

    async fn open_gpu(&self) -> Result<Gpu, GpuError> {
        self.gpu().await
    }

    fn adapter(&self, gpu: &Gpu) -> Adapter {
        let crate::gpu::Adapter { name, backend, software, timestamps, .. } = gpu.adapter().clone();
        Adapter { name, backend, software, timestamps }
    }

    fn tuning(&self, gpu: &Gpu) -> Tuning {
        gpu.tuning()
    }

    fn set_tuning(&self, gpu: &Gpu, tuning: Tuning) {
        gpu.set_tuning(tuning);
    }

    async fn tune(&self, gpu: &Gpu) -> Result<Tuned, Error> {
        let tuned = gpu.tune().await?;
        Ok(Tuned { tuning: tuned.tuning, complete: tuned.complete, ms: tuned.ms })
    }

    fn compile(&self, gpu: &Gpu, plan: &Plan) {
        gpu.prepare(plan);
    }

    async fn load(
        &self,
        device: &Device<Gpu>,
        model: &Model,
        setting: &Setting,
        warm_up: bool,
        progress: &dyn Fn(Progress),
    ) -> Result<Classifier, Error> {
        let device = match device {
            Device::Gpu(gpu) => classifier::Device::from(gpu as &Rc<Gpu>),
            Device::Cpu => classifier::Device::Cpu,
        };
        let options = LoadOptions { warm_up, ..setting.options().into() };
        Classifier::load(device, model, options, progress).await
    }

    fn model<'a>(&self, network: &'a Classifier) -> &'a Model {
        network.model()
    }

    fn bytes(&self, network: &Classifier) -> u64 {
        network.bytes() as u64
    }

    async fn classify(&self, network: &Classifier, tensor: &[f32]) -> Result<Answer, Error> {
        network.classify(tensor).await
    }

    async fn profile(&self, network: &Classifier, tensor: &[f32]) -> Result<Vec<StepTime>, Error> {
        network.profile(tensor).await
    }
}
