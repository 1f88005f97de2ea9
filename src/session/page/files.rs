//! Files of weights in the browser's cache.

use crate::protocol::Event;
use crate::session::host::Host;
use crate::session::load::CONFIG;
use crate::session::state::Session;
use crate::session::tracks::ModelKey;
use crate::zoo::hub;

impl<H: Host> Session<H> {
    /// Reports which files there are.
    pub(in crate::session) fn list_files(&self) {
        let session = self.clone();
        self.host.spawn(Box::pin(async move {
            let files = session.host.cached_files().await;
            session.emit(Event::Files(files));
        }));
    }

    /// Removes a weights file from the cache, and its description. A network in use stays on its device; to be loaded again, it
    /// has to be fetched again.
    pub(in crate::session) fn remove_file(&self, network: usize, url: String) {
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
