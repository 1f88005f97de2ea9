//! The load of a network: its file is found, opened, checked and brought to the device while it arrives; only when all of that
//! has succeeded is the network listed. Until then the former network stays in use.

mod failure;
mod find;
#[cfg(feature = "page")]
mod page;

use super::host::Host;
use super::state::Session;
use super::tracks::ModelKey;
use crate::Error;
use crate::classifier::Model;
use crate::model::ResNextConfig;
use crate::protocol::{Event, Load, LoadFailure, LoadProblem, LoadStatus, Notice, Origin, Work};
use crate::store::{DownloadProgress, NotCached, Storage};
use crate::zoo::{FILE_ID, Location, Network, URL_ID};
#[cfg(feature = "page")]
pub(super) use find::CONFIG;
use find::Found;

/// One load.
struct Loading<H: Host> {
    session: Session<H>,
    title: String,
}

impl<H: Host> Session<H> {
    /// Loads a network, in place of the one that is being loaded.
    pub(super) fn begin_load(&self, origin: Origin, file: Option<H::File>) {
        *self.load.last.borrow_mut() = Some((origin.clone(), file.clone()));
        let title = self.title_of(&origin);
        let is_file = matches!(origin, Origin::File(_));
        let loading = Loading { session: self.clone(), title };
        loading.tell(LoadStatus::Asking);
        self.begin(&self.load.slot, async move {
            let outcome = loading.run(origin, file).await;
            let Loading { session, title } = loading;
            match outcome {
                Ok(index) => {
                    session.emit(Event::Load(None));
                    // The page chooses it now, and that begins a pass.
                    session.emit(Event::Loaded { network: index });
                    #[cfg(feature = "page")]
                    session.list_files();
                    return;
                }
                // A file that cannot be used is reported like a picture that cannot be: to try again, it is chosen again.
                Err(failure) if is_file => {
                    session.emit(Event::Load(None));
                    session.notice(Notice::File { title, failure });
                }
                Err(failure) => session.emit(Event::Load(Some(Load { title, status: LoadStatus::Failed(failure) }))),
            }
            session.later(Self::load_ended);
        });
        // What nobody waits for would stop at its next step. It stops now: the network of its own that it has on the device makes
        // room.
        let is_unasked =
            matches!(self.work.borrow().0, Work::Sweeping { .. } | Work::Measuring { .. } | Work::Occluding { .. });
        if is_unasked && self.pass.slot.is_busy() {
            self.begin_pass();
        }
    }

    /// Continues with what was put off meanwhile, such as timing.
    pub(super) fn load_ended(&self) {
        #[cfg(feature = "page")]
        self.list_files();
        self.wake_pass();
    }
}

impl<H: Host> Loading<H> {
    fn tell(&self, status: LoadStatus) {
        self.session.emit(Event::Load(Some(Load { title: self.title.clone(), status })));
    }

    /// Loads and lists the network; returns its index in the list.
    ///
    /// # Errors
    /// Why it cannot be loaded.
    async fn run(&self, origin: Origin, file: Option<H::File>) -> Result<usize, LoadFailure> {
        let found = self.session.find(&self.title, origin, file).await?;
        let Some(download) = found.download.clone() else { return self.open(found).await };
        let report = |progress: DownloadProgress| self.tell(LoadStatus::Downloading(progress));
        let bring = download.run(&report);
        let open = self.open(found);
        // Where the download fails, `open` gets the reason from the bytes that it waits for.
        beside(open, bring).await
    }

    async fn open(&self, found: Found) -> Result<usize, LoadFailure> {
        if let Some(download) = &found.download {
            // A server that compresses does not say how long the file is.
            download.sized().await?;
        }
        // Names and shapes are checked before anything touches the device.
        let torch = self.session.host.torch_reader();
        let open = || Model::open_with(torch, &found.title, found.source.clone(), found.config_json.as_deref());
        let mut model = open().await;
        if let (Err(Error::Weight(error)), Some(download)) = (&model, &found.download)
            && error.is_cut_off()
        {
            // The size from another origin may be that of the compressed bytes: the end shows the right one.
            download.finished().await?;
            model = open().await;
        }
        let model = model?;
        #[cfg(feature = "page")]
        let model = self.session.with_descriptions(model, &found.descriptions)?;
        check_config(&found, &model)?;
        let labels = self.session.class_names(&model).await;
        #[cfg(feature = "page")]
        let built = self.build(&model, &found).await?;
        if let Some(download) = &found.download {
            download.finished().await?;
            self.tell_if_not_cached(download.storage());
        }
        #[cfg(feature = "page")]
        let found = self.hashed(found).await;
        let index = self.list(found, &model, labels);
        #[cfg(feature = "page")]
        self.offer(built);
        Ok(index)
    }

    fn tell_if_not_cached(&self, storage: Storage) {
        let full = match storage {
            Storage::Cache | Storage::Memory(NotCached::NotRequested) => return,
            Storage::Memory(NotCached::QuotaExceeded) => true,
            Storage::Memory(NotCached::NoCache) => false,
        };
        self.session.notice(Notice::NotCached { title: self.title.clone(), full });
    }

    /// Puts the network into the list, ready to be chosen.
    fn list(&self, found: Found, model: &Model, labels: Option<Vec<String>>) -> usize {
        let session = &self.session;
        let mut weights = found.weights;
        weights.config = model.config().clone();
        weights.bytes = found.source.size();
        // For a network on offer, the list has these in better words.
        if let Some(metadata) = model.metadata().filter(|_| found.index.is_none()) {
            weights.licence = metadata.licence.clone().unwrap_or(weights.licence);
            weights.source = metadata.origin.clone().unwrap_or(weights.source);
            weights.recipe = metadata.recipe.clone();
            weights.top1 = metadata.test_accuracy;
        }
        let index = found.index.unwrap_or_else(|| session.networks.len());
        let mut network = match session.networks.get(index) {
            Some(known) => Network { trained: vec![weights], ..known },
            None => {
                let id = if matches!(weights.location, Location::File(_)) { FILE_ID } else { URL_ID };
                let config = model.config().clone();
                Network::offer(id, &found.title, &number_of_classes(model), config, vec![weights])
            }
        };
        network.labels = labels;
        session.list_network(index, network);
        session.remember(ModelKey { network: index, weights: 0 }, model);
        index
    }
}

/// Refuses a file that has another network than the list says.
fn check_config(found: &Found, model: &Model) -> Result<(), LoadFailure> {
    match &found.expected {
        Some(expected) if expected != model.config() => {
            let said = |config: &ResNextConfig| format!("{} with {} classes", config.title(), config.num_classes);
            let (expected, got) = (said(expected), said(model.config()));
            let reason = format!("the host's file has a {got}; a {expected} is expected");
            Err(LoadFailure { problem: LoadProblem::File, reason, expected: Some(expected), got: Some(got) })
        }
        _ => Ok(()),
    }
}

fn number_of_classes(model: &Model) -> String {
    match model.config().num_classes {
        0 => "nothing: it has no head".into(),
        1 => "one class: yes or no".into(),
        classes => format!("{classes} classes"),
    }
}

/// The output of `main`. `side` runs concurrently, and is dropped at the end of `main`.
async fn beside<T, S>(main: impl Future<Output = T>, side: impl Future<Output = S>) -> T {
    use futures_util::future::{Either, select};
    match select(std::pin::pin!(main), std::pin::pin!(side)).await {
        Either::Left((result, _)) => result,
        Either::Right((_, main)) => main.await,
    }
}
