//! The work behind the page: one loop that brings the classifier to what was last chosen.
//!
//! Every change calls [`kick`]. A round of the loop does what is missing, step by step, and stops at the next step as
//! soon as something newer was chosen: nothing runs twice at a time and nothing old gets in the way.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::arrival::Arrivals;
use super::backend::Backend;
use super::exam::TestPictures;
use super::page::{AdapterState, Page, Work};
use super::pictures;
use super::round::{Round, Stop};
use super::setting::{Setting, Wish};
use super::tuning;
use crate::classifier::{Classifier, Device, Model};
use crate::gpu::{Gpu, GpuError, pause};
use crate::plan::{Plan, PlanOptions};
use crate::store::Bell;
use crate::view::words;

/// What cannot be a signal: handles of the device and of the networks.
#[derive(Default)]
pub struct Engine {
    pub gpu: RefCell<Option<Rc<Gpu>>>,
    /// By place in [`Page::networks`] and in [`Network::trained`](super::setting::Network::trained).
    pub models: RefCell<Vec<((usize, usize), Model)>>,
    pub arrivals: Arrivals,
    /// Of a network that is not here yet.
    pub wish: Cell<Option<Wish>>,
    pub ready: RefCell<Option<(Setting, Rc<Classifier>)>>,
    pub pictures: pictures::Track,
    pub tests: RefCell<Option<Rc<TestPictures>>>,
    pub generation: Cell<u64>,
    /// Rung when something newer was chosen.
    pub bell: Rc<Bell>,
    driving: Cell<bool>,
    /// A device was lost and replaced, and nothing has run since.
    pub replaced: Cell<bool>,
}

/// Asks for the device; called at start and when the visitor tries again.
pub fn request_gpu(page: Page) {
    page.adapter.set(AdapterState::Asking);
    spawn_local(async move {
        // The page is drawn before anything is asked for.
        pause().await;
        match Gpu::request().await {
            Ok(gpu) => {
                tuning::recall(page, &gpu);
                prepare(page, &gpu);
                page.adapter.set(AdapterState::Ready(gpu.adapter().clone()));
                page.engine.with_value(|engine| *engine.gpu.borrow_mut() = Some(Rc::new(gpu)));
            }
            Err(error) => {
                let kind = match error {
                    GpuError::NoWebGpu => "no-webgpu",
                    GpuError::NoAdapter => "no-adapter",
                    GpuError::LimitsTooSmall { .. } => "limits",
                    _ => "device",
                };
                page.adapter.set(AdapterState::Missing { kind, text: error.to_string() });
            }
        }
        kick(page);
    });
}

/// Begins to compile what the chosen network needs.
fn prepare(page: Page, gpu: &Gpu) {
    let (graph, setting) = (page.graph.get_untracked(), page.setting.get_untracked());
    let options = PlanOptions { tuning: Some(gpu.tuning()), ..setting.options };
    // A network that cannot be planned says so when its turn comes.
    if let (Backend::WebGpu, Ok(plan)) = (setting.backend, Plan::new((*graph).clone(), options)) {
        gpu.prepare(&plan);
    }
}

/// Another attempt after a failure, with a new device where there is none.
pub fn try_again(page: Page) {
    let ready = page.engine.with_value(|engine| engine.gpu.borrow().is_some());
    if ready || page.backend_now() == Backend::Cpu { kick(page) } else { request_gpu(page) }
}

/// Something was chosen or came in: run the loop, or let the running one begin anew.
pub fn kick(page: Page) {
    let idle = page.engine.with_value(|engine| {
        engine.generation.set(engine.generation.get() + 1);
        engine.bell.ring();
        !engine.driving.replace(true)
    });
    if idle {
        spawn_local(async move {
            pause().await;
            drive(page).await;
        });
    }
}

/// Runs the loop where it rests; leaves a running one alone.
pub fn wake(page: Page) {
    if !page.engine.with_value(|engine| engine.driving.get()) {
        kick(page);
    }
}

async fn drive(page: Page) {
    loop {
        let generation = page.engine.with_value(|engine| engine.generation.get());
        let round = Round { page, generation };
        match round.run().await {
            Ok(()) => {
                page.engine.with_value(|engine| engine.replaced.set(false));
                page.work.set(Work::Ready);
            }
            Err(Stop::Later) => {}
            Err(Stop::Failed(text)) => {
                page.accuracy.update(|accuracy| accuracy.wanted = None);
                page.work.set(Work::Failed(text));
            }
            Err(Stop::Lost(text)) => replace_device(page, text).await,
        }
        let settled = page.engine.with_value(|engine| {
            let settled = engine.generation.get() == generation;
            engine.driving.set(!settled);
            settled
        });
        if settled {
            return;
        }
    }
}

/// A lost device takes everything on it along: ask for another once, and build again.
async fn replace_device(page: Page, text: String) {
    let_go(page);
    if page.engine.with_value(|engine| engine.replaced.replace(true)) {
        page.work.set(Work::Failed(text));
        return;
    }
    page.notify(
        false,
        "The graphics device was lost. A new one was asked for and the network is being built again.".into(),
    );
    request_gpu(page);
}

/// Lets go of a lost device and of what was on it.
pub fn let_go(page: Page) {
    page.engine.with_value(|engine| {
        engine.ready.borrow_mut().take();
        engine.gpu.borrow_mut().take();
    });
}

/// What the network is to run on, once it is there.
pub fn device(page: Page) -> Option<Device> {
    match page.backend_now() {
        Backend::Cpu => Some(Device::Cpu),
        Backend::WebGpu => page.engine.with_value(|engine| engine.gpu.borrow().clone()).map(Device::Gpu),
    }
}

/// A model that is known.
pub fn model(page: Page, place: (usize, usize)) -> Option<Model> {
    page.engine.with_value(|engine| {
        engine.models.borrow().iter().find(|(known, _)| *known == place).map(|(_, model)| model.clone())
    })
}

/// Keeps a model, and what the page shows of it.
pub fn remember(page: Page, place: (usize, usize), model: &Model) {
    forget(page, place);
    page.engine.with_value(|engine| engine.models.borrow_mut().push((place, model.clone())));
    page.networks.update(|networks| {
        let known = &mut networks[place.0];
        known.labels = model.labels().map(<[String]>::to_vec).or(known.labels.take());
        known.preparation = Some(words::preparation(model.preprocess()));
        known.side = model.input_size();
    });
}

/// Lets go of a model, and of its bytes where it alone has them.
pub fn forget(page: Page, place: (usize, usize)) {
    page.engine.with_value(|engine| engine.models.borrow_mut().retain(|(known, _)| *known != place));
}
