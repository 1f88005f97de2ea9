//! The step that opens the model: the header of its file is read, the weights stay where they are.

use super::{Interrupt, Pass};
use crate::classifier::Model;
use crate::protocol::Work;
use crate::session::host::Host;
use crate::session::tracks::ModelKey;
use crate::store::{FetchError, FileRequest};
use crate::zoo::{Location, WeightsFile};

impl<H: Host> Pass<H> {
    /// The setting's model, fetched the first time where it ships with the page. A setting without weights prepares pictures as
    /// its network does.
    pub(super) async fn model(&self) -> Result<Model, Interrupt> {
        let gone = || Interrupt::Failed("There is no such network in the list; choose another.".into());
        let network = self.networks.get(self.setting.network).ok_or_else(gone)?;
        let weights = network.weights_for(&self.setting.config).unwrap_or(0);
        let key = ModelKey { network: self.setting.network, weights };
        if let Some(model) = self.networks.model(key) {
            return Ok(model);
        }
        // A network whose file was removed stays usable while it is on its device.
        if let Some((_, classifier)) = self.pass.ready.borrow().as_ref().filter(|(of, _)| *of == self.setting) {
            return Ok(self.host.model(classifier).clone());
        }
        let model = match network.trained.get(weights) {
            None => Model::untrained(network.config),
            Some(weights) => self.bundled(&network.title, weights).await?,
        };
        self.remember(key, &model);
        Ok(model)
    }

    /// A model that ships with the page. All others are loaded before they are chosen.
    async fn bundled(&self, title: &str, weights: &WeightsFile) -> Result<Model, Interrupt> {
        let Location::Bundled(path) = &weights.location else {
            return Err(Interrupt::Failed(format!(
                "{title} is not in memory any more. Load it again from the list of networks."
            )));
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
        let failed = |error: FetchError| {
            Interrupt::Failed(match error {
                FetchError::Offline => {
                    format!("You are offline, and the weights of {title} are not kept in this browser.")
                }
                error => format!("The weights could not be fetched: {error}."),
            })
        };
        let file = fetch.await.map_err(failed)?;
        Ok(Model::open_with(self.host.torch_reader(), title, file, None).await?)
    }
}
