//! The models that are not loaded before they are chosen: those that ship with the page, and those without weights.

use super::super::model::gone;
use super::{Interrupt, Pass};
use crate::classifier::Model;
use crate::protocol::{LoadFailure, LoadProblem, Work};
use crate::session::host::Host;
use crate::session::tracks::ModelKey;
use crate::store::{FetchError, FileRequest};
use crate::zoo::{Location, Network, WeightsFile};

impl<H: Host> Pass<H> {
    /// A model that nobody has read yet, fetched where it ships with the page. A setting without weights prepares pictures as its
    /// network does.
    pub(in crate::session::pass) async fn unread_model(
        &self,
        network: Network,
        key: ModelKey,
    ) -> Result<Model, Interrupt> {
        let model = match network.trained.get(key.weights) {
            None => Model::untrained(network.config),
            Some(weights) => self.bundled(&network.title, weights).await?,
        };
        self.remember(key, &model);
        Ok(model)
    }

    /// A model that ships with the page. All others are loaded before they are chosen.
    async fn bundled(&self, title: &str, weights: &WeightsFile) -> Result<Model, Interrupt> {
        let Location::Bundled(path) = &weights.location else {
            return Err(gone(format!("{title} is not in memory any more. Load it again from the list of networks.")));
        };
        self.work(Work::Fetching { done: 0, total: weights.bytes });
        let request = FileRequest {
            url: path.clone(),
            sha256: weights.sha256.clone(),
            bytes: Some(weights.bytes),
            // The browser's HTTP cache has it with the rest of the page.
            cache: false,
        };
        let fetch = async {
            let file = self.host.download(request).await?;
            file.run(&|progress| {
                let total = progress.total.unwrap_or(progress.done);
                self.work(Work::Fetching { done: progress.done, total });
            })
            .await?;
            Ok(file)
        };
        let unfetched = |error: FetchError| {
            let reason = match error {
                FetchError::Offline => {
                    format!("You are offline, and the weights of {title} are not kept in this browser.")
                }
                error => format!("The weights could not be fetched: {error}."),
            };
            Interrupt::Failed(LoadFailure::new(LoadProblem::Fetch, reason))
        };
        let file = fetch.await.map_err(unfetched)?;
        Ok(Model::open_with(self.host.torch_reader(), title, file, None).await?)
    }
}
