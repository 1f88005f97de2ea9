//! Where networks come from: the host, an address, a file on the visitor's disk; and the files beside the weights.

use std::rc::Rc;

use crate::classifier::Model;
use crate::model::{ResNextConfig, Stem};
use crate::protocol::{Description, Event, Load, LoadFailure, LoadProblem, LoadStatus, Origin};
use crate::session::host::{Download, Host};
use crate::session::state::Session;
use crate::store::{FetchError, FileRequest};
use crate::weights::{ByteSource, class_names};
use crate::zoo::hub::{self, Described};
use crate::zoo::{Location, Network, WeightsFile, labels};

/// The name of timm's description of a checkpoint, which is beside the weights file.
pub(in crate::session) const CONFIG: &str = "config.json";
const IMAGENET_CLASSES: usize = 1000;

/// A file of weights that can be read, at least from its beginning.
pub struct Found {
    pub title: String,
    pub source: Rc<dyn ByteSource>,
    /// The same file, where it has to be fetched.
    pub download: Option<Rc<dyn Download>>,
    /// timm's description of it.
    pub config_json: Option<String>,
    /// What the visitor says of it.
    pub descriptions: Vec<Description>,
    /// What is known of it so far.
    pub weights: WeightsFile,
    /// The network it must be, where that is known.
    pub expected: Option<ResNextConfig>,
    /// Its index in the list; `None` for a new network.
    pub index: Option<usize>,
}

impl<H: Host> Session<H> {
    /// What a network is called before it is opened.
    pub fn title_of(&self, origin: &Origin) -> String {
        match origin {
            Origin::Listed(index) => self.networks.get(*index).map_or_else(String::new, |network| network.title),
            Origin::Named(name) => {
                let known = self.index_of(name).and_then(|index| self.networks.get(index));
                known.map_or_else(|| name.clone(), |network| network.title)
            }
            Origin::Url(url) => WeightsFile { location: Location::Url(url.clone()), ..unknown() }.file().to_owned(),
            Origin::File(name) => name.clone(),
        }
    }

    /// The index of the network on offer that has this id, or whose id has it before a `-`. Only those from the host are loaded.
    fn index_of(&self, name: &str) -> Option<usize> {
        let is_it = |network: &Network| {
            let is_hosted = network.trained.first().is_some_and(|weights| matches!(weights.location, Location::Hub(_)));
            is_hosted && network.id.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        self.networks.list.borrow().iter().position(is_it)
    }

    /// Finds the file of a network.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn find(&self, title: &str, origin: Origin, file: Option<H::File>) -> Result<Found, LoadFailure> {
        match (origin, file) {
            (Origin::Listed(index), Some(file)) => Ok(self.found_on_disk(title, &file, Some(index))),
            (Origin::Listed(index), None) => Ok(self.hosted(index, title).await?),
            (Origin::Named(name), _) => {
                let unknown = || LoadFailure::new(LoadProblem::File, format!("there is no network `{name}` on offer"));
                let index = self.index_of(&name).ok_or_else(unknown)?;
                Ok(self.hosted(index, title).await?)
            }
            (Origin::Url(url), _) => Ok(self.at_address(url, title).await?),
            (Origin::File(_), Some(file)) => Ok(self.found_on_disk(title, &file, None)),
            (Origin::File(_), None) => Err(LoadFailure::new(LoadProblem::File, "the file is missing; choose it again")),
        }
    }

    fn found_on_disk(&self, title: &str, file: &H::File, index: Option<usize>) -> Found {
        let mut descriptions = self.load.descriptions.take();
        // As beside weights at an address: what the file itself says has precedence over the first of them.
        let beside = descriptions.iter().position(|description| class_names(&description.text).is_none());
        let config_json = beside.map(|place| descriptions.remove(place).text);
        Found {
            title: title.to_owned(),
            source: self.host.source(file),
            download: None,
            config_json,
            descriptions,
            weights: WeightsFile { location: Location::File(title.to_owned()), ..unknown() },
            expected: None,
            index,
        }
    }

    /// A file from the host: the whole file that the cache has, or else the newest version, pinned to its commit and with its
    /// hash expected.
    async fn hosted(&self, index: usize, title: &str) -> Result<Found, FetchError> {
        let gone = || FetchError::Address(title.to_owned());
        let network = self.networks.get(index).ok_or_else(gone)?;
        let weights = network.trained.into_iter().next().ok_or_else(gone)?;
        let repository = match &weights.location {
            Location::Hub(repository) => repository.clone(),
            // Added by its address, and loaded again.
            Location::Url(url) => {
                return self.at_address(url.clone(), title).await.map(|found| Found { index: Some(index), ..found });
            }
            Location::Bundled(_) | Location::File(_) | Location::Taught => return Err(gone()),
        };
        let hub = Some(self.start.borrow().hub.clone()).filter(|hub| !hub.is_empty());
        let hub = hub.unwrap_or_else(|| hub::HUB.to_owned());
        let request = self.hub_request(&hub, &repository, weights.file()).await;
        let (download, config_json) = self.open_download(request, title).await?;
        Ok(Found {
            title: title.to_owned(),
            source: download.clone(),
            download: Some(download),
            config_json,
            descriptions: Vec::new(),
            weights,
            expected: Some(network.config),
            index: Some(index),
        })
    }

    /// Which version of a repository's file to fetch.
    async fn hub_request(&self, hub: &str, repository: &str, file: &str) -> FileRequest {
        let cached = self.host.cached_files().await;
        let cached = cached.into_iter().find(|cached| hub::is_of(&cached.url, hub, repository, file));
        if let Some(whole) = cached.as_ref().filter(|cached| cached.complete) {
            return FileRequest { url: whole.url.clone(), cache: true, ..FileRequest::default() };
        }
        // A mirror may lack this API: then nothing is known beforehand, and the newest version is taken.
        let json = self.host.text(&hub::description_url(hub, repository)).await.ok().flatten();
        let Described { commit, sha256, bytes } = hub::described(&json.unwrap_or_default(), file);
        let newest = hub::file_url(hub, repository, commit.as_deref(), file);
        let url = match cached {
            Some(part) if commit.is_none() => part.url,
            Some(part) if part.url != newest => {
                // A part of an older version cannot be resumed.
                self.host.remove(&part.url).await;
                newest
            }
            _ => newest,
        };
        FileRequest { url, sha256, bytes, cache: true }
    }

    async fn at_address(&self, url: String, title: &str) -> Result<Found, FetchError> {
        let request = FileRequest { url: url.clone(), cache: true, ..FileRequest::default() };
        let (download, config_json) = self.open_download(request, title).await?;
        Ok(Found {
            title: title.to_owned(),
            source: download.clone(),
            config_json,
            descriptions: self.load.descriptions.take(),
            // The address in the cache, which is not always as it was typed.
            weights: WeightsFile { location: Location::Url(download.url()), source: url, ..unknown() },
            download: Some(download),
            expected: None,
            index: None,
        })
    }

    /// The file, and the description beside it where there is one.
    async fn open_download(
        &self,
        request: FileRequest,
        title: &str,
    ) -> Result<(Rc<dyn Download>, Option<String>), FetchError> {
        let config_url = hub::beside(&request.url, CONFIG);
        if self.host.is_downloaded(&request.url).await {
            self.emit(Event::Load(Some(Load { title: title.to_owned(), status: LoadStatus::Waiting })));
        }
        let download = self.host.download(request).await?;
        let config_json = match config_url {
            Some(url) => self.small_file(url).await?,
            None => None,
        };
        Ok((download, config_json))
    }

    /// A small file, cached like the large one, for visits without a network. `None` where there is none.
    async fn small_file(&self, url: String) -> Result<Option<String>, FetchError> {
        let file = match self.host.download(FileRequest { url, cache: true, ..FileRequest::default() }).await {
            Ok(file) => file,
            // A server that lets pages read its files may not let them read its "not found".
            Err(
                FetchError::Status { status: 404 | 410, .. }
                | FetchError::Offline
                | FetchError::OwnServer { .. }
                | FetchError::Unreachable { .. }
                | FetchError::Html { .. },
            ) => return Ok(None),
            Err(error) => return Err(error),
        };
        file.run(&|_| {}).await?;
        let bytes = file.read(0..file.size()).await.unwrap_or_default();
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// ImageNet's class names, for a network of ImageNet's shape whose file has none.
    pub async fn class_names(&self, model: &Model) -> Option<Vec<String>> {
        let config = model.config();
        if model.labels().is_some() || config.num_classes != IMAGENET_CLASSES || config.stem != Stem::Imagenet {
            return None;
        }
        let url = Some(self.start.borrow().labels.clone()).filter(|url| !url.is_empty());
        let url = url.unwrap_or_else(|| labels::IMAGENET.to_owned());
        let text = self.host.text(&url).await.ok().flatten()?;
        Some(labels::parse(&text)).filter(|labels| labels.len() == IMAGENET_CLASSES)
    }
}

/// What is known of a file that nobody has described.
fn unknown() -> WeightsFile {
    WeightsFile {
        config: ResNextConfig::cifar(2, 8, 8),
        location: Location::File(String::new()),
        bytes: 0,
        sha256: None,
        top1: None,
        licence: "not stated".into(),
        source: "your own file".into(),
        recipe: None,
    }
}
