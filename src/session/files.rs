//! Files of weights in the browser's cache.

use super::host::Host;
use super::state::Session;
use super::tracks::ModelKey;
use crate::protocol::Event;
use crate::zoo::hub;

/// The name of timm's description of a checkpoint, which is beside the weights file.
pub(super) const CONFIG: &str = "config.json";

impl<H: Host> Session<H> {
    /// Reports which files there are.
    pub(super) fn list_files(&self) {
        let session = self.clone();
        self.host.spawn(Box::pin(async move {
            let files = session.host.cached_files().await;
            session.emit(Event::Files(files));
        }));
    }

    /// Removes a weights file from the cache, and its description. A network in use stays on its device; to be loaded again, it
    /// has to be fetched again.
    pub(super) fn remove_file(&self, network: usize, url: String) {
        let session = self.clone();
        self.host.spawn(Box::pin(async move {
            session.host.remove(&url).await;
            if let Some(config) = hub::beside(&url, CONFIG) {
                session.host.remove(&config).await;
            }
            session.networks.forget(ModelKey { network, weights: 0 });
            if let Some(mut listed) = session.networks.get(network) {
                listed.preprocess = None;
                session.list_network(network, listed);
            }
            session.list_files();
        }));
    }
}
