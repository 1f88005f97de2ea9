//! A network on its way in: found, opened, checked, brought to the GPU as it arrives, and shown only when all of it is
//! right. Until then the former network stays and works.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::backend::Backend;
use super::engine::{self, kick};
use super::page::{AdapterState, Page};
use super::progress::progress_words;
use super::setting::{Network, Setting};
use super::sources::{self, Found};
use super::unless::unless;
use crate::Error;
use crate::classifier::{Classifier, Device, Model};
use crate::gpu::pause;
use crate::plan::PlanOptions;
use crate::store::{self, Arriving, Kept, NotKept, Progress};
use crate::view::catalogue::{FILE_ID, Place, URL_ID};
use crate::view::words;
use crate::weights::WeightError;

/// Where a network is to come from.
#[derive(Clone)]
pub enum Origin {
    /// Place in [`Page::networks`].
    Offer(usize),
    Url(String),
    File(File),
}

/// What is shown of a network on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    pub title: String,
    pub stage: Stage,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Words, and how much of it is done, from 0 to 1, where that is known.
    Coming(String, Option<f64>),
    Failed(String),
}

impl Arrival {
    pub fn is_coming(&self) -> bool {
        matches!(self.stage, Stage::Coming(..))
    }
}

/// The handles of the network on its way.
#[derive(Default)]
pub struct Arrivals {
    /// Counts them, so that one that was cancelled or replaced stops.
    turn: Cell<u64>,
    origin: RefCell<Option<Origin>>,
    download: RefCell<Option<Rc<Arriving>>>,
}

/// Brings a network in; one that was on its way is cancelled.
pub fn begin(page: Page, origin: Origin) {
    cancel(page);
    let turn = page.engine.with_value(|engine| {
        *engine.arrivals.origin.borrow_mut() = Some(origin.clone());
        engine.arrivals.turn.get()
    });
    let (title, from_disk) = (sources::title(page, &origin), matches!(origin, Origin::File(_)));
    let turn = Turn { page, turn, title };
    turn.say("asking for it".into(), None);
    spawn_local(async move {
        match unless(page, turn.bring(origin), || !turn.is_current()).await {
            None => {}
            Some(Ok(())) => page.arrival.set(None),
            // A file that cannot be used is told as a picture that cannot be; to try again it is chosen again.
            Some(Err(text)) if from_disk => {
                page.arrival.set(None);
                page.notify(true, format!("{}: {text}", turn.title));
            }
            Some(Err(text)) => turn.fail(text),
        }
        sources::refresh_kept(page);
        // What was put off meanwhile, such as timing.
        kick(page);
    });
}

/// Ends what is on its way. What has come of it stays in the cache.
pub fn cancel(page: Page) {
    let download = page.engine.with_value(|engine| {
        engine.arrivals.turn.set(engine.arrivals.turn.get() + 1);
        engine.bell.ring();
        engine.arrivals.download.take()
    });
    if let Some(download) = download {
        download.cancel();
    }
    page.arrival.set(None);
}

/// Another attempt at what failed.
pub fn again(page: Page) {
    if let Some(origin) = page.engine.with_value(|engine| engine.arrivals.origin.borrow().clone()) {
        begin(page, origin);
    }
}

/// A classifier and what it was built for.
struct Built {
    classifier: Rc<Classifier>,
    backend: Backend,
    options: PlanOptions,
}

/// One network's way in.
struct Turn {
    page: Page,
    turn: u64,
    title: String,
}

impl Turn {
    fn is_current(&self) -> bool {
        self.page.engine.with_value(|engine| engine.arrivals.turn.get()) == self.turn
    }

    fn say(&self, text: String, share: Option<f64>) {
        self.page.arrival.set(Some(Arrival { title: self.title.clone(), stage: Stage::Coming(text, share) }));
    }

    fn fail(&self, text: String) {
        // A download without a network to go to is of no use; what came of it stays in the cache.
        if let Some(download) = self.page.engine.with_value(|engine| engine.arrivals.download.take()) {
            download.cancel();
        }
        self.page.arrival.set(Some(Arrival { title: self.title.clone(), stage: Stage::Failed(text) }));
    }

    async fn bring(&self, origin: Origin) -> Result<(), String> {
        let found = sources::find(self.page, origin).await?;
        if let Some(download) = &found.download {
            self.page.engine.with_value(|engine| *engine.arrivals.download.borrow_mut() = Some(download.clone()));
            self.follow(download.clone());
            // Servers that compress do not say how long the file is.
            download.sized().await.map_err(text)?;
        }
        // Names and shapes, before anything touches the GPU.
        let open = || Model::open(&found.title, found.source.clone(), found.config_json.as_deref());
        let mut model = open().await;
        if let (Err(Error::Weight(WeightError::Truncated { .. })), Some(download)) = (&model, &found.download) {
            // Another origin's word on the size may be that of the compressed bytes: the end tells.
            download.finished().await.map_err(text)?;
            model = open().await;
        }
        let model = model.map_err(text)?;
        self.is_the_one(&found, &model)?;
        let labels = sources::labels(&model).await;
        let ready = match self.device().await {
            Some(device) => Some(self.load(&device, &model, &found).await?),
            None => None,
        };
        let mut sha256 = None;
        if let Some(download) = &found.download {
            download.finished().await.map_err(text)?;
            sha256 = download.sha256().map(str::to_owned);
            self.say_where_it_is(download.kept());
        }
        if sha256.is_none() {
            sha256 = store::sha256(&*found.source).await.ok();
        }
        self.show(found, &model, labels, ready, sha256);
        Ok(())
    }

    /// Drives the download and tells how far it is.
    fn follow(&self, download: Rc<Arriving>) {
        let (page, title, turn) = (self.page, self.title.clone(), self.turn);
        spawn_local(async move {
            let of = Self { page, turn, title };
            let report = |progress: Progress| {
                if of.is_current() {
                    let Progress { done, total, bytes_per_second, seconds_left, .. } = progress;
                    let share = total.map(|total| done as f64 / total.max(1) as f64);
                    of.say(words::download(done, total, bytes_per_second, seconds_left), share);
                }
            };
            // Whoever waits for the bytes is told why they do not come.
            let _ = download.run(&report).await;
        });
    }

    /// A host that serves another network than the one on the menu is refused.
    fn is_the_one(&self, found: &Found, model: &Model) -> Result<(), String> {
        match &found.expected {
            Some(expected) if expected != model.config() => Err(format!(
                "the host's file is a {} of {} classes; a {} of {} expected",
                model.config().title(),
                model.config().num_classes,
                expected.title(),
                expected.num_classes
            )),
            _ => Ok(()),
        }
    }

    /// The device; none where the visitor wants a GPU and has none, and then the network is only drawn.
    async fn device(&self) -> Option<Device> {
        let on_gpu = || self.page.backend_now() == Backend::WebGpu;
        while on_gpu() && self.page.adapter.with_untracked(|adapter| *adapter == AdapterState::Asking) {
            pause().await;
        }
        engine::device(self.page)
    }

    /// To the device, as it arrives.
    async fn load(&self, device: &Device, model: &Model, found: &Found) -> Result<Built, String> {
        let progress = |progress| {
            // While it is downloaded, that is what there is to wait for.
            if found.download.is_none() {
                let (text, share) = progress_words(&progress);
                self.say(text, share);
            }
        };
        let progress: &dyn Fn(crate::classifier::Progress) = &progress;
        // Whatever is chosen while it loads: this is what it is built for.
        let (backend, options) = (self.page.backend_now(), options(self.page));
        match Classifier::load(device, model, options, progress).await {
            Ok(classifier) => Ok(Built { classifier: Rc::new(classifier), backend, options }),
            Err(error) => {
                if matches!(&error, Error::Gpu(error) if error.is_lost()) {
                    // Another attempt, and the former network, need another device.
                    engine::let_go(self.page);
                    engine::request_gpu(self.page);
                }
                Err(text(error))
            }
        }
    }

    fn say_where_it_is(&self, kept: Kept) {
        let why = match kept {
            Kept::Cache | Kept::Memory(NotKept::Unwanted) => return,
            Kept::Memory(NotKept::Full) => "The disk, or the share of it that this page may use, is full",
            Kept::Memory(NotKept::NoCache) => "This browser keeps no files for this page (a private window, perhaps)",
        };
        let title = &self.title;
        self.page.notify(false, format!("{why}: {title} stays in memory and must be fetched again on the next visit."));
    }

    /// Puts the network on the page, ready to run.
    fn show(
        &self,
        found: Found,
        model: &Model,
        labels: Option<Vec<String>>,
        ready: Option<Built>,
        sha256: Option<String>,
    ) {
        let page = self.page;
        let mut weights = found.weights;
        weights.config = model.config().clone();
        weights.bytes = found.source.size();
        weights.sha256 = sha256;
        // Of a network on the menu this is known, in better words.
        if let Some(metadata) = model.metadata().filter(|_| found.index.is_none()) {
            weights.licence = metadata.licence.clone().unwrap_or(weights.licence);
            weights.source = metadata.origin.clone().unwrap_or(weights.source);
            weights.recipe = metadata.recipe.clone();
            weights.top1 = metadata.test_accuracy;
        }
        let index = found.index.unwrap_or_else(|| page.networks.with_untracked(Vec::len));
        page.networks.update(|networks| match networks.get_mut(index) {
            Some(network) => network.trained = vec![weights],
            None => networks.push(Network {
                id: if matches!(weights.place, Place::File(_)) { FILE_ID } else { URL_ID },
                title: found.title.clone(),
                knows: number_of_classes(model),
                config: model.config().clone(),
                side: model.input_size(),
                trained: vec![weights],
                labels: None,
                preparation: None,
            }),
        });
        page.networks.update(|networks| networks[index].labels = labels);
        engine::remember(page, (index, 0), model);
        if let Some(Built { classifier, backend, options }) = ready {
            let setting = Setting { network: index, config: model.config().clone(), backend, options };
            page.memory.set(Some((setting.clone(), classifier.bytes() as u64)));
            page.engine.with_value(|engine| *engine.ready.borrow_mut() = Some((setting, classifier)));
        }
        page.choose_network(index);
        if let Some(wish) = page.engine.with_value(|engine| engine.wish.take()).filter(|wish| wish.network == index) {
            page.grant(wish);
        }
    }
}

/// A new network's: the plan chosen, weights in f32.
fn options(page: Page) -> PlanOptions {
    page.plan.get_untracked().into()
}

fn number_of_classes(model: &Model) -> String {
    match model.config().num_classes {
        1 => "one thing".into(),
        classes => format!("{classes} things"),
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
