//! The GPU: asked for, tuned, lost and replaced. One slot holds all of it, so that a newer request ends the older.
//!
//! ```text
//!            answered            lost, and its successors are of use (`Losses`)
//! Asking ──────────────▶ Ready ────────────────────────────────────────────▶ Asking, then the network is built again
//!   │ none, or no answer   │ lost otherwise, or it stopped answering
//!   ▼ within 5 s           ▼
//! Missing ◀──────────────────  the CPU answers, unless the visitor chose the GPU: then the reason stands
//!   │ a late answer
//!   ▼
//! Ready
//! ```
//!
//! Ready ───▶ Missing, too, where the self-check finds that the GPU computes something else than the CPU and no other kernel does
//! better. Then the CPU answers whatever the visitor chose.
//!
//! Ready stays Ready where it has no memory for a network: it says what was too large, and
//! [`Choice::setting`](crate::protocol::Choice::setting) goes around that.
//!
//! After a loss, a browser that refuses a GPU is asked again for some seconds ([`open_device`](fn@super::open_device)).
//!
//! A loss shows by [`Engines::loss`](super::host::Engines::loss), or as an error of whatever uses the device.

use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};

use super::host::Host;
use super::open_device::open_device;
use super::state::Session;
use crate::Error;
use crate::classifier::DeviceOf;
use crate::gpu::GpuError;
use crate::model::{BlockForm, Graph};
use crate::plan::{Plan, PlanOptions};
use crate::protocol::{Backend, Event, GpuState, LoadFailure, LoadProblem, MissingGpu, Notice, Setting};

const NOT_IN_WORKERS: &str = "This browser has WebGPU, but not in workers, where this page computes. Use a current Chrome, Edge \
                              or Safari 26.";

/// How long the browser may take to give a GPU, before the CPU is used in its place.
const ANSWER_LIMIT_MS: u32 = 5000;

const NO_ANSWER: &str = "The browser did not answer within 5 s when asked for a GPU.";

const WRONG_RESULTS: &str = "This GPU computes something else than it should, so it is not used. Update the graphics driver and the \
                             browser.";

impl<H: Host> Session<H> {
    /// Asks for a GPU. What waits for one continues when the browser has answered, or after a while without an answer.
    pub(super) fn find_gpu(&self) {
        self.device.losses.forget();
        self.open_gpu(0, false);
    }

    /// Asks for a GPU after so many milliseconds; `after_loss` tells what comes of it.
    fn open_gpu(&self, pause_ms: u32, after_loss: bool) {
        self.device.gpu.take();
        self.device.checked.take();
        self.set_gpu_state(GpuState::Asking);
        let session = self.clone();
        self.begin(&self.device.slot, async move {
            if pause_ms > 0 {
                session.host.sleep(pause_ms).await;
            }
            let limit = Box::pin(session.host.sleep(ANSWER_LIMIT_MS));
            let is_on_trial = session.device.losses.is_on_trial();
            let host = &session.host;
            let opening = open_device(is_on_trial, async || host.open_gpu().await, async |ms| host.sleep(ms).await);
            let (opened, is_late) = match select(pin!(opening), limit).await {
                Either::Left((opened, _)) => (opened, false),
                Either::Right(((), opening)) => {
                    session.gpu_is_missing(MissingGpu::NoAnswer, NO_ANSWER.into());
                    session.tell_loss(after_loss, false);
                    (opening.await, true)
                }
            };
            let gpu = match opened {
                Ok(gpu) => Rc::new(gpu),
                Err(error) => {
                    let kind = match error {
                        GpuError::NoWebGpu => MissingGpu::NoWebGpu,
                        GpuError::NoAdapter => MissingGpu::NoAdapter,
                        GpuError::LimitsTooSmall { .. } => MissingGpu::Limits,
                        _ => MissingGpu::Device,
                    };
                    let in_page = kind == MissingGpu::NoWebGpu && session.start.borrow().page_has_webgpu;
                    session.gpu_is_missing(kind, if in_page { NOT_IN_WORKERS.into() } else { error.to_string() });
                    return session.tell_loss(after_loss && !is_late, false);
                }
            };
            let loss = session.host.loss(&gpu);
            let adapter = session.host.adapter(&gpu);
            #[cfg(feature = "page")]
            session.recall_tuning(&gpu, &adapter);
            *session.device.gpu.borrow_mut() = Some(gpu);
            session.set_gpu_state(GpuState::Ready { adapter, too_large: Vec::new() });
            session.tell_loss(after_loss && !is_late, false);
            session.begin_compiling();
            session.device_came();
            loss.await;
            session.later(|session| session.device_lost(false));
        });
    }

    fn gpu_is_missing(&self, kind: MissingGpu, text: String) {
        self.set_gpu_state(GpuState::Missing { kind, text });
        self.device_came();
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
    /// Why there is no such device.
    pub(super) async fn device_for(&self, backend: Backend) -> Result<DeviceOf<H::Gpu>, LoadFailure> {
        if backend == Backend::Cpu {
            return Ok(DeviceOf::Cpu);
        }
        self.until(|| match (self.device.state(), self.device.gpu()) {
            (GpuState::Missing { text, .. }, _) => Some(Err(LoadFailure::new(LoadProblem::Device, text))),
            (GpuState::Ready { .. }, Some(gpu)) => Some(Ok(DeviceOf::Gpu(gpu))),
            _ => None,
        })
        .await
    }

    /// Drops a device that is lost, or is `hung` and would hang again, with all that was on it, and asks for another one.
    pub(super) fn device_lost(&self, hung: bool) {
        if self.device.gpu.take().is_none() {
            // Two that used it report the same loss.
            return;
        }
        let mattered = self.setting().is_some_and(|setting| setting.backend == Backend::WebGpu);
        if mattered {
            self.pass.slot.stop();
        }
        self.pass.drop_backend(Backend::WebGpu);
        self.laboratory.kept.take();
        if let Some(pause_ms) = self.device.losses.count().filter(|_| !hung) {
            return self.open_gpu(pause_ms, mattered);
        }
        self.device.slot.stop();
        let text = if hung { "The GPU stopped answering." } else { "The GPU was lost several times in a row." };
        self.gpu_is_missing(MissingGpu::Lost, text.into());
        self.tell_loss(mattered, hung);
    }

    /// Makes room for a network that could not be built for lack of it; `true` where it is worth another try. Other networks leave the
    /// device first. Where there is none, the setting counts as too large, and what is smaller takes its place.
    pub(super) fn make_room(&self, setting: &Setting, error: &Error) -> bool {
        let (needed, limit) = match *error {
            Error::Gpu(GpuError::OutOfMemory { needed }) => (needed, None),
            Error::Gpu(GpuError::LimitsTooSmall { needed, got, .. }) => (Some(needed), Some(got)),
            _ => return false,
        };
        // A limit is the same for one network as for two.
        if limit.is_none() && (self.pass.drop_backend(Backend::WebGpu) | self.laboratory.drop_kept()) {
            return true;
        }
        let mut state = self.device.state();
        let GpuState::Ready { too_large, .. } = &mut state else { return false };
        too_large.push(setting.clone());
        let notice =
            Notice::TooLarge { title: setting.config.title(), needed, limit, now: Box::new(setting.smaller()) };
        self.notice(notice);
        self.set_gpu_state(state);
        true
    }

    /// As [`Session::device_lost`], for the device that `classifier` ran on, unless its loss is known and the next one is there
    /// already.
    pub(super) fn device_lost_under(&self, classifier: Rc<H::Classifier>, hung: bool) {
        let is_news = self.pass.ready.borrow().as_ref().is_some_and(|(_, now)| Rc::ptr_eq(now, &classifier));
        drop(classifier);
        if is_news {
            self.device_lost(hung);
        }
    }

    /// Drops a device whose results are wrong, with all that it gave, and goes on with the CPU.
    pub(super) fn device_is_wrong(&self, notice: Notice) {
        self.device.gpu.take();
        self.device.slot.stop();
        self.pass.drop_classifiers();
        self.results.forget_gpu();
        self.laboratory.forget_gpu_runs();
        self.notice(notice);
        self.gpu_is_missing(MissingGpu::WrongResults, WRONG_RESULTS.into());
    }

    /// Tells what has come of a loss, where it `mattered` and nothing else tells it.
    fn tell_loss(&self, mattered: bool, hung: bool) {
        let on_cpu = match (self.device.gpu(), self.setting().map(|setting| setting.backend)) {
            (Some(_), Some(Backend::WebGpu)) => false,
            (None, Some(Backend::Cpu)) => true,
            _ => return,
        };
        if mattered {
            self.notice(Notice::DeviceLost { hung, on_cpu });
        }
    }
}
