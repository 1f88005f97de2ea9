//! Files of weights in the browser's cache.

use super::host::Host;
use super::state::Session;
use crate::protocol::Event;
use crate::zoo::hub;

/// timm's description of a checkpoint, beside it.
pub(super) const CONFIG: &str = "config.json";

impl<H: Host> Session<H> {
    /// Tells which files there are.
    pub(super) fn list_files(&self) {
        let session = self.clone();
        self.host.spawn(Box::pin(async move {
            let files = session.host.cached_files().await;
            session.emit(Event::Files(files));
        }));
    }

    /// Takes a file out of the cache, and what lies beside it. A network in use stays on its device; to load it again it
    /// must be fetched again.
    pub(super) fn remove_file(&self, network: usize, url: String) {
        let session = self.clone();
        self.host.spawn(Box::pin(async move {
            session.host.remove(&url).await;
            if let Some(beside) = hub::beside(&url, CONFIG) {
                session.host.remove(&beside).await;
            }
            session.networks.forget((network, 0));
            if let Some(mut listed) = session.networks.get(network) {
                listed.preprocess = None;
                session.list_network(network, listed);
            }
            session.list_files();
        }));
    }
}
