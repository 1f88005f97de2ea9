//! One attempt to bring everything up to date: the network, the device, the classifier, the picture, the answer, the
//! times. It stops at the next step as soon as something newer was chosen.

use std::rc::Rc;

use leptos::prelude::*;

use super::browser::fetch;
use super::engine::remember;
use super::page::{AdapterState, Answered, Page, Profile, Setting, Timed, Work};
use super::pictures::{self, Ready};
use super::unless::unless;
use crate::Error;
use crate::classifier::{Classifier, Model, Progress};
use crate::gpu::{Gpu, GpuError};
use crate::view::catalogue::Weights;
use crate::view::number;

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
        let model = self.model(setting.network).await?;
        pictures::prepare_for(self.page, model.preprocess());
        let gpu = self.gpu()?;
        let classifier = self.classifier(&gpu, &model, &setting).await?;
        let Ready { picture, tensor } = self.picture()?;
        let warm = self.classify(&classifier, &setting, picture, &tensor).await?;
        self.profile(&classifier, &setting, &tensor).await?;
        self.measure(&classifier, &setting, &tensor, warm).await
    }

    /// Whether the visitor has moved on.
    fn is_current(&self) -> bool {
        self.page.engine.with_value(|engine| engine.generation.get()) == self.generation
    }

    fn check(&self) -> Result<(), Stop> {
        if self.is_current() { Ok(()) } else { Err(Stop::Later) }
    }

    /// Runs `work` until it is done or something newer is chosen.
    async fn current<T>(&self, work: impl Future<Output = T>) -> Result<T, Stop> {
        unless(work, || !self.is_current()).await.ok_or(Stop::Later)
    }

    fn loading(&self, text: String, share: Option<f64>) {
        self.page.work.set(Work::Loading(text, share));
    }

    /// The network's own model, fetched the first time.
    async fn model(&self, network: usize) -> Result<Model, Stop> {
        let known = self.page.engine.with_value(|engine| {
            engine.models.borrow().iter().find(|(index, _)| *index == network).map(|(_, model)| model.clone())
        });
        if let Some(model) = known {
            return Ok(model);
        }
        let (title, offer) = self
            .page
            .networks
            .with_untracked(|networks| (networks[network].config.title(), networks[network].offer.clone()));
        let Some(offer) = offer else {
            return Err(Stop::Failed("the file's network is gone; choose the file again".into()));
        };
        let model = match offer.weights {
            Some(weights) => Model::open(&title, Rc::new(self.fetch(weights).await?), None).await?,
            None => Model::untrained(offer.config),
        };
        remember(self.page, network, &model);
        Ok(model)
    }

    async fn fetch(&self, weights: Weights) -> Result<Vec<u8>, Stop> {
        let progress = |done: u64, total: Option<u64>| {
            let total = total.unwrap_or(weights.bytes).max(done);
            let text = format!("fetching weights, {} of {}", number::bytes(done), number::bytes(total));
            self.loading(text, Some(done as f64 / total as f64));
        };
        progress(0, None);
        let fetched = self.current(fetch(weights.path, progress)).await?;
        fetched.map_err(|reason| {
            Stop::Failed(format!("The weights could not be fetched ({reason}). Check the connection and try again."))
        })
    }

    fn gpu(&self) -> Result<Rc<Gpu>, Stop> {
        if let AdapterState::Missing { text, .. } = self.page.adapter.get_untracked() {
            return Err(Stop::Failed(text));
        }
        self.page.engine.with_value(|engine| engine.gpu.borrow().clone()).ok_or(Stop::Later)
    }

    async fn classifier(&self, gpu: &Rc<Gpu>, model: &Model, setting: &Setting) -> Result<Rc<Classifier>, Stop> {
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
            let (text, share) = progress_words(&progress);
            self.loading(text, share);
        };
        let loaded = self.current(Classifier::load(gpu, &model, setting.plan, progress)).await??;
        let classifier = Rc::new(loaded);
        self.page.engine.with_value(|engine| {
            *engine.ready.borrow_mut() = Some((setting.clone(), classifier.clone()));
        });
        Ok(classifier)
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
        let top = answer.top_k.into_iter().map(|prediction| {
            let label = prediction.label.unwrap_or_else(|| format!("class {}", prediction.index));
            (label, prediction.probability)
        });
        self.page.answer.set(Some(Answered {
            picture,
            setting: setting.clone(),
            top: top.collect(),
            wall_ms: answer.timing.wall_ms,
            gpu_ms: answer.timing.gpu_ms,
        }));
        Ok(true)
    }

    async fn profile(&self, classifier: &Classifier, setting: &Setting, tensor: &[f32]) -> Result<(), Stop> {
        let timestamps =
            matches!(self.page.adapter.get_untracked(), AdapterState::Ready(adapter) if adapter.timestamps);
        let known =
            self.page.profile.with_untracked(|known| known.as_ref().is_some_and(|known| known.setting == *setting));
        if known || !timestamps {
            return Ok(());
        }
        self.page.work.set(Work::Running("timing every layer".into(), None));
        let steps = classifier.profile(tensor).await?;
        self.check()?;
        let steps = steps.into_iter().map(|step| (step.layers, step.ms)).collect();
        self.page.profile.set(Some(Profile { setting: setting.clone(), steps }));
        Ok(())
    }

    /// As many timed runs as asked for; the first, if nothing ran before it, is warm-up and left out.
    async fn measure(
        &self,
        classifier: &Classifier,
        setting: &Setting,
        tensor: &[f32],
        warm: bool,
    ) -> Result<(), Stop> {
        let runs = self.page.runs.get_untracked();
        let mut timed = Timed { setting: setting.clone(), runs, wall: Vec::new(), gpu: Vec::new() };
        let done = self.page.timed.with_untracked(|all| {
            all.iter().any(|known| known.setting == *setting && known.runs == runs && known.wall.len() == runs)
        });
        if done {
            return Ok(());
        }
        if !warm {
            classifier.classify(tensor).await?;
        }
        for run in 0..runs {
            let text = format!("measuring, run {} of {runs}", run + 1);
            self.page.work.set(Work::Running(text, Some(run as f64 / runs as f64)));
            let timing = classifier.classify(tensor).await?.timing;
            self.check()?;
            timed.wall.push(timing.wall_ms);
            timed.gpu.extend(timing.gpu_ms);
            self.page.timed.update(|all| {
                all.retain(|known| known.setting != *setting);
                all.push(timed.clone());
            });
        }
        Ok(())
    }
}

fn progress_words(progress: &Progress) -> (String, Option<f64>) {
    match *progress {
        Progress::Planned { steps } => (format!("planned {steps} steps"), Some(0.0)),
        Progress::Pipelines { done, total } => {
            (format!("compiling shader {} of {total}", (done + 1).min(total)), Some(done as f64 / total.max(1) as f64))
        }
        Progress::Weights { bytes, total } => (
            format!("weights to the GPU, {} of {}", number::bytes(bytes), number::bytes(total)),
            Some(bytes as f64 / total.max(1) as f64),
        ),
        Progress::WarmUp => ("first run, to warm up".into(), None),
    }
}
