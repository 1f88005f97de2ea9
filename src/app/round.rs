//! One attempt to bring everything up to date: the network, the device, the classifier, the picture, the answer, the
//! times. It stops at the next step as soon as something newer was chosen.

use std::rc::Rc;

use leptos::prelude::*;

use super::arrival::Arrival;
use super::backend::Backend;
use super::engine;
use super::outcome::Answered;
use super::page::{AdapterState, Page, Work};
use super::pictures::{self, Ready};
use super::progress::{fetching, mark, progress_words};
use super::setting::Setting;
use super::tuning;
use super::unless::unless;
use crate::Error;
use crate::classifier::{Classifier, Device, Model, Progress as Loading};
use crate::gpu::GpuError;
use crate::store::{Arriving, FetchError, Progress, Wanted};
use crate::view::catalogue::{Place, Weights};

/// Why a round ended early.
pub enum Stop {
    /// Something newer was chosen, or the round waits for something that will kick again.
    Later,
    Failed(String),
    Lost(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Gpu(GpuError::Lost { .. }) => Self::Lost(error.to_string()),
            error => Self::Failed(error.to_string()),
        }
    }
}

/// A round and the choice it belongs to.
pub struct Round {
    pub page: Page,
    pub generation: u64,
}

impl Round {
    pub async fn run(&self) -> Result<(), Stop> {
        let setting = self.page.setting.get_untracked();
        let model = self.model(&setting).await?;
        pictures::prepare_for(self.page, model.preprocess());
        let device = self.device(&setting)?;
        let classifier = self.classifier(&device, &model, &setting).await?;
        let Ready { picture, tensor } = self.picture()?;
        let warm = self.classify(&classifier, &setting, picture, &tensor).await?;
        match self.after_the_answer(&device, &classifier, &setting, &tensor, warm).await {
            // The answer is there, and stays.
            Err(Stop::Failed(text)) => {
                self.page.accuracy.update(|accuracy| accuracy.wanted = None);
                self.page.notify(true, text);
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// What is measured once the answer is there.
    async fn after_the_answer(
        &self,
        device: &Device,
        classifier: &Classifier,
        setting: &Setting,
        tensor: &[f32],
        warm: bool,
    ) -> Result<(), Stop> {
        self.undisturbed()?;
        self.tune(device).await?;
        self.profile(classifier, setting, tensor).await?;
        self.measure(classifier, setting, tensor, warm).await?;
        self.compare_with_cpu(classifier, setting, tensor).await?;
        self.examine(classifier, setting).await
    }

    /// Whether the visitor has moved on.
    fn is_current(&self) -> bool {
        self.page.engine.with_value(|engine| engine.generation.get()) == self.generation
    }

    pub(super) fn check(&self) -> Result<(), Stop> {
        if self.is_current() { Ok(()) } else { Err(Stop::Later) }
    }

    /// Runs `work` until it is done or something newer is chosen.
    pub(super) async fn current<T>(&self, work: impl Future<Output = T>) -> Result<T, Stop> {
        unless(self.page, work, || !self.is_current()).await.ok_or(Stop::Later)
    }

    fn loading(&self, text: String, share: Option<f64>) {
        self.page.work.set(Work::Loading(text, share));
    }

    /// The setting's model, fetched the first time where it lies beside the page. An untrained stop has the network's own
    /// way of preparing pictures.
    async fn model(&self, setting: &Setting) -> Result<Model, Stop> {
        let network = self.page.networks.with_untracked(|networks| networks[setting.network].clone());
        let which = network.weights_for(&setting.config).unwrap_or(0);
        let place = (setting.network, which);
        if let Some(model) = engine::model(self.page, place) {
            return Ok(model);
        }
        // One that was removed from the list goes on while it is on the device.
        let ready = self.page.engine.with_value(|engine| engine.ready.borrow().clone());
        if let Some((_, classifier)) = ready.filter(|(of, _)| of == setting) {
            return Ok(classifier.model().clone());
        }
        let model = match network.trained.get(which) {
            None => Model::untrained(network.config),
            Some(weights) => self.bundled(&network.title, weights).await?,
        };
        engine::remember(self.page, place, &model);
        Ok(model)
    }

    /// A model that lies beside the page; all others are brought in before they are chosen.
    async fn bundled(&self, title: &str, weights: &Weights) -> Result<Model, Stop> {
        let Place::Bundled(path) = weights.place else {
            return Err(Stop::Failed(format!(
                "{title} is not here any more. Fetch it again from the list of networks."
            )));
        };
        let page = self.page;
        let report = move |progress: Progress| page.work.set(fetching(&progress));
        self.loading("fetching weights".into(), Some(0.0));
        let wanted = Wanted {
            url: path.into(),
            sha256: weights.sha256.clone(),
            bytes: Some(weights.bytes),
            // The browser's own cache keeps it with the page.
            keep: false,
        };
        let fetch = async {
            let file = Arriving::open(wanted).await?;
            file.run(&report).await?;
            Ok(file)
        };
        let fetched: Result<Rc<Arriving>, FetchError> = self.current(fetch).await?;
        let file = fetched.map_err(|error| Stop::Failed(format!("The weights could not be fetched: {error}.")))?;
        Ok(Model::open(title, file, None).await?)
    }

    fn device(&self, setting: &Setting) -> Result<Device, Stop> {
        if let (Backend::WebGpu, AdapterState::Missing { text, .. }) =
            (setting.backend, self.page.adapter.get_untracked())
        {
            return Err(Stop::Failed(text));
        }
        engine::device(self.page).ok_or(Stop::Later)
    }

    async fn classifier(&self, device: &Device, model: &Model, setting: &Setting) -> Result<Rc<Classifier>, Stop> {
        let ready = self.page.engine.with_value(|engine| {
            engine.ready.borrow().as_ref().filter(|(of, _)| of == setting).map(|(_, ready)| ready.clone())
        });
        if let Some(classifier) = ready {
            return Ok(classifier);
        }
        // Its memory on the device is wanted for the next.
        self.page.engine.with_value(|engine| engine.ready.borrow_mut().take());
        let model = model.at(setting.config.clone());
        let progress = |progress| {
            match progress {
                Loading::Planned { .. } => mark("cardinal.planned"),
                // The first one comes when the last pipeline is compiled.
                Loading::Weights { .. } => mark("cardinal.weights"),
                Loading::WarmUp => mark("cardinal.loaded"),
                Loading::Pipelines { .. } => {}
            }
            let (text, share) = progress_words(&progress);
            self.loading(text, share);
        };
        let classifier = Rc::new(self.load(device, &model, setting, &progress).await?);
        self.page.memory.set(Some((setting.clone(), classifier.bytes() as u64)));
        self.page.engine.with_value(|engine| {
            *engine.ready.borrow_mut() = Some((setting.clone(), classifier.clone()));
        });
        Ok(classifier)
    }

    pub(super) async fn load(
        &self,
        device: &Device,
        model: &Model,
        setting: &Setting,
        progress: &dyn Fn(Loading),
    ) -> Result<Classifier, Stop> {
        Ok(self.current(Classifier::load(device, model, setting.options, progress)).await??)
    }

    /// The picture, made ready for this network. Without one the round waits: a picture that comes kicks again.
    fn picture(&self) -> Result<Ready, Stop> {
        match self.page.engine.with_value(|engine| engine.pictures.ready()) {
            Some(ready) => Ok(ready),
            None => {
                let waiting = self.page.engine.with_value(|engine| engine.pictures.is_busy());
                self.page.work.set(if waiting {
                    Work::Running("preparing the picture".into(), None)
                } else {
                    Work::Ready
                });
                Err(Stop::Later)
            }
        }
    }

    /// Answers, unless the answer shown is this one's; says whether it ran.
    async fn classify(
        &self,
        classifier: &Classifier,
        setting: &Setting,
        picture: u64,
        tensor: &[f32],
    ) -> Result<bool, Stop> {
        let known = self.page.answer.with_untracked(|answer| {
            answer.as_ref().is_some_and(|answer| answer.picture == picture && answer.setting == *setting)
        });
        if known {
            return Ok(false);
        }
        self.page.work.set(Work::Running("looking at the picture".into(), None));
        let answer = classifier.classify(tensor).await?;
        self.page.engine.with_value(|engine| engine.replaced.set(false));
        self.check()?;
        mark("cardinal.answered");
        let top = answer.top_k.into_iter().map(|prediction| {
            let label = prediction.label.or_else(|| self.label(setting, prediction.index));
            (label.unwrap_or_else(|| format!("class {}", prediction.index)), prediction.probability)
        });
        self.page.answer.set(Some(Answered {
            picture,
            setting: setting.clone(),
            top: top.collect(),
            logits: answer.logits,
            wall_ms: answer.timing.wall_ms,
            gpu_ms: answer.timing.gpu_ms,
        }));
        Ok(true)
    }

    /// The network's name for a class, where its own file has none.
    fn label(&self, setting: &Setting, index: usize) -> Option<String> {
        self.page.networks.with_untracked(|networks| networks[setting.network].labels.as_ref()?.get(index).cloned())
    }

    /// Nothing is timed while a network comes in: it would be timed with the visitor's own waiting.
    pub(super) fn undisturbed(&self) -> Result<(), Stop> {
        if self.page.arrival.with_untracked(|arrival| arrival.as_ref().is_some_and(Arrival::is_coming)) {
            self.page.work.set(Work::Ready);
            return Err(Stop::Later);
        }
        Ok(())
    }

    /// Chooses the GPU's kernels, once the first answer is there: nobody waits for it.
    async fn tune(&self, device: &Device) -> Result<(), Stop> {
        let page = self.page;
        let Device::Gpu(gpu) = device else { return Ok(()) };
        if !page.tuned.with_untracked(String::is_empty) {
            return Ok(());
        }
        page.work.set(Work::Running("choosing the fastest kernels".into(), None));
        let changed = tuning::measure(page, gpu).await.map_err(Error::from)?;
        if changed {
            // What was timed with other kernels, and the network that has them, are of no use.
            page.engine.with_value(|engine| engine.ready.borrow_mut().take());
            page.timed.update(|all| all.retain(|known| known.setting.backend != Backend::WebGpu));
            page.profile.set(None);
            engine::kick(page);
        }
        self.check()
    }
}
