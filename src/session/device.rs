//! The GPU: opened, tuned, lost and replaced.

use std::rc::Rc;

use super::host::Host;
use super::state::Session;
use crate::classifier::DeviceOf;
use crate::gpu::{self, GpuError};
use crate::kernels::table::VERSION;
use crate::model::{BlockForm, Graph};
use crate::plan::{Plan, PlanOptions, Tuning};
use crate::protocol::{Adapter, Backend, Event, GpuState, KernelTuning, MissingGpu, Notice, Work};

const NOT_IN_WORKERS: &str = "This browser has WebGPU, but not in workers, where this page computes. Use a current Chrome, Edge \
                              or Safari 26.";

/// The key under which a tuning is stored: one per adapter and version of the kernels.
pub(super) fn tuning_key(adapter: &Adapter) -> String {
    format!("cardinal.tuning.{VERSION}.{}", adapter.name)
}

impl<H: Host> Session<H> {
    /// Asks for a GPU. What waits for one continues when the browser has answered.
    pub(super) fn find_gpu(&self) {
        self.set_gpu_state(GpuState::Asking);
        let session = self.clone();
        self.begin(&self.device.slot, async move {
            let state = match session.host.open_gpu().await {
                Ok(gpu) => {
                    let adapter = session.host.adapter(&gpu);
                    session.recall_tuning(&gpu, &adapter);
                    *session.device.gpu.borrow_mut() = Some(Rc::new(gpu));
                    GpuState::Ready(adapter)
                }
                Err(error) => {
                    let kind = match error {
                        GpuError::NoWebGpu => MissingGpu::NoWebGpu,
                        GpuError::NoAdapter => MissingGpu::NoAdapter,
                        GpuError::LimitsTooSmall { .. } => MissingGpu::Limits,
                        _ => MissingGpu::Device,
                    };
                    let text = if kind == MissingGpu::NoWebGpu && session.start.borrow().page_has_webgpu {
                        NOT_IN_WORKERS.to_owned()
                    } else {
                        error.to_string()
                    };
                    GpuState::Missing { kind, text }
                }
            };
            session.set_gpu_state(state);
            session.begin_compiling();
            session.device_came();
        });
    }

    fn set_gpu_state(&self, state: GpuState) {
        *self.device.state.borrow_mut() = state.clone();
        self.emit(Event::Gpu(state));
    }

    /// Begins to compile what the choice needs, while its weights are still being fetched, but not before the page was drawn.
    pub(super) fn begin_compiling(&self) {
        if !self.is_drawn.get() {
            return;
        }
        let (Some(gpu), Some(setting)) = (self.device.gpu(), self.setting()) else { return };
        let Some(network) = self.networks.get(setting.network).filter(|_| setting.backend == Backend::WebGpu) else {
            return;
        };
        let options = PlanOptions { tuning: Some(self.host.tuning(&gpu)), ..setting.options() };
        let graph = Graph::build(&setting.config, 1, (network.side, network.side), BlockForm::C);
        // A network that cannot be planned is reported when it is built.
        if let Some(plan) = graph.ok().and_then(|graph| Plan::new(graph, options).ok()) {
            self.host.compile(&gpu, &plan);
        }
    }

    /// The device of a backend, once it is known.
    ///
    /// # Errors
    /// Why there is no such device, as a sentence.
    pub(super) async fn device_for(&self, backend: Backend) -> Result<DeviceOf<H::Gpu>, String> {
        if backend == Backend::Cpu {
            return Ok(DeviceOf::Cpu);
        }
        self.until(|| match (self.device.state(), self.device.gpu()) {
            (GpuState::Missing { text, .. }, _) => Some(Err(text)),
            (GpuState::Ready(_), Some(gpu)) => Some(Ok(DeviceOf::Gpu(gpu))),
            // Lost twice: the visitor has to ask for another.
            _ if !self.device.slot.is_busy() => {
                Some(Err(GpuError::Lost { detail: "twice in a row".into() }.to_string()))
            }
            _ => None,
        })
        .await
    }

    /// Asks for another device once, on which the network is then built again: all that was on the lost device is gone.
    pub(super) fn replace_device(&self, text: String) {
        self.drop_device();
        if self.replaced.replace(true) {
            self.work(Work::Failed(text));
            self.notify_changed();
            return;
        }
        self.notice(Notice::DeviceLost);
        self.find_gpu();
    }

    /// Drops a lost device and what was on it.
    pub(super) fn drop_device(&self) {
        self.pass.drop_classifiers();
        self.device.gpu.take();
    }

    /// Takes the tuning that an earlier visit stored.
    fn recall_tuning(&self, gpu: &H::Gpu, adapter: &Adapter) {
        let key = tuning_key(adapter);
        let stored = self.start.borrow().tunings.iter().find(|(of, _)| *of == key).map(|(_, text)| text.clone());
        let tuning = stored.and_then(|text| text.parse::<Tuning>().ok());
        if let Some(tuning) = tuning {
            self.host.set_tuning(gpu, tuning);
            let tuning = tuning.to_string();
            self.emit(Event::Tuned(KernelTuning { tuning, ms: None, key: None, changed: false }));
        }
        *self.device.tuned.borrow_mut() = tuning;
    }

    /// Tunes again.
    pub(super) fn tune_again(&self) {
        self.device.tuned.take();
        self.begin_pass();
    }

    /// Stores a new tuning; says whether the network has to be built again for it.
    pub(super) fn tuned(&self, adapter: &Adapter, before: Tuning, tuned: &gpu::Tuned) -> bool {
        let key = tuning_key(adapter);
        let text = tuned.tuning.to_string();
        // The same adapter may be opened again on this visit.
        let mut start = self.start.borrow_mut();
        start.tunings.retain(|(of, _)| *of != key);
        start.tunings.push((key.clone(), text.clone()));
        drop(start);
        *self.device.tuned.borrow_mut() = Some(tuned.tuning);
        let changed = tuned.tuning != before;
        // An incomplete tuning is not stored: the next visit measures the rest, with some pipelines from the browser's cache.
        let key = tuned.complete.then_some(key);
        self.emit(Event::Tuned(KernelTuning { tuning: text, ms: Some(tuned.ms), key, changed }));
        changed
    }
}
