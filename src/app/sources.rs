//! Where networks come from: the host, an address of the visitor's own, a file from disk; and what lies beside them.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::arrival::Origin;
use super::page::Page;
use crate::classifier::Model;
use crate::model::{ResNextConfig, Stem};
use crate::store::{self, Arriving, FetchError, Local, Wanted};
use crate::view::catalogue::{Place, Weights};
use crate::view::hub::{self, Described};
use crate::view::labels;
use crate::weights::ByteSource;

/// timm's description of a checkpoint, beside it.
pub const CONFIG: &str = "config.json";
const IMAGENET_CLASSES: usize = 1000;

/// A file of weights that can be read, at least from its beginning.
pub struct Found {
    pub title: String,
    pub source: Rc<dyn ByteSource>,
    /// Where it has to be fetched.
    pub download: Option<Rc<Arriving>>,
    pub config_json: Option<String>,
    /// What is known of it so far.
    pub weights: Weights,
    /// The network it must be, where that is known.
    pub expected: Option<ResNextConfig>,
    /// Place in [`Page::networks`], for one that has a place there.
    pub index: Option<usize>,
}

/// What a network is called before it is opened.
pub fn title(page: Page, origin: &Origin) -> String {
    match origin {
        Origin::Offer(index) => page.networks.with_untracked(|networks| networks[*index].title.clone()),
        Origin::Url(url) => Weights { place: Place::Url(url.clone()), ..unknown() }.file().to_owned(),
        Origin::File(file) => file.name(),
    }
}

pub async fn find(page: Page, origin: Origin) -> Result<Found, String> {
    let title = title(page, &origin);
    match origin {
        Origin::Offer(index) => hosted(page, index, title).await.map_err(|error| error.to_string()),
        Origin::Url(url) => from_url(url, title).await.map_err(|error| error.to_string()),
        Origin::File(file) => Ok(Found {
            source: Rc::new(Local::new(file.into())),
            download: None,
            config_json: None,
            weights: Weights { place: Place::File(title.clone()), ..unknown() },
            expected: None,
            index: None,
            title,
        }),
    }
}

/// From the host: the whole file that the cache has, else the newest version, pinned to its commit and held to its hash.
async fn hosted(page: Page, index: usize, title: String) -> Result<Found, FetchError> {
    let network = page.networks.with_untracked(|networks| networks[index].clone());
    let weights = network.trained.into_iter().next().unwrap_or_else(unknown);
    let hub = page.hub.get_untracked();
    let repository = match &weights.place {
        Place::Hub(repository) => *repository,
        // Brought by address, taken out of the cache, and wanted again.
        Place::Url(url) => {
            return from_url(url.clone(), title).await.map(|found| Found { index: Some(index), ..found });
        }
        Place::Bundled(_) | Place::File(_) => return Err(FetchError::Address(title)),
    };
    let file = weights.file();
    let kept = store::kept().await.into_iter().find(|kept| hub::is_of(&kept.url, &hub, repository, file));
    let (url, described) = match kept {
        Some(kept) if kept.complete => (kept.url, Described::default()),
        part => {
            // A mirror may lack this interface: then nothing is known beforehand, and the newest version is taken.
            let json = store::text(&hub::description_url(&hub, repository)).await.ok().flatten();
            let described = hub::described(&json.unwrap_or_default(), file);
            let newest = hub::file_url(&hub, repository, described.commit.as_deref(), file);
            match part {
                Some(part) if described.commit.is_none() => (part.url, described),
                Some(part) if part.url != newest => {
                    // The beginning of an older version is of no use.
                    store::remove(&part.url).await;
                    (newest, described)
                }
                _ => (newest, described),
            }
        }
    };
    let wanted = Wanted { url, sha256: described.sha256, bytes: described.bytes, keep: true };
    let (download, config_json) = open(wanted).await?;
    let expected = Some(network.config);
    let source = download.clone();
    Ok(Found { title, source, download: Some(download), config_json, weights, expected, index: Some(index) })
}

async fn from_url(url: String, title: String) -> Result<Found, FetchError> {
    let wanted = Wanted { url: url.clone(), keep: true, ..Wanted::default() };
    let (download, config_json) = open(wanted).await?;
    // As it is kept, which is not always as it was typed.
    let weights = Weights { place: Place::Url(download.url().to_owned()), source: url, ..unknown() };
    let source = download.clone();
    Ok(Found { title, source, download: Some(download), config_json, weights, expected: None, index: None })
}

/// The file and the description beside it, which need not be there.
async fn open(wanted: Wanted) -> Result<(Rc<Arriving>, Option<String>), FetchError> {
    let beside = hub::beside(&wanted.url, CONFIG);
    let download = Arriving::open(wanted).await?;
    let config = match beside {
        Some(url) => small_file(url).await,
        None => Ok(None),
    };
    match config {
        Ok(config) => Ok((download, config)),
        Err(error) => {
            download.cancel();
            Err(error)
        }
    }
}

/// A small file, kept as the large one is: the second visit may be without a network. `None` where there is none.
async fn small_file(url: String) -> Result<Option<String>, FetchError> {
    let file = match Arriving::open(Wanted { url, keep: true, ..Wanted::default() }).await {
        Ok(file) => file,
        // A server that allows its files to be read may not allow its "not found" to be.
        Err(
            FetchError::Status { status: 404 | 410, .. } | FetchError::Unreachable { .. } | FetchError::Html { .. },
        ) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    file.run(&|_| {}).await?;
    let bytes = file.read(0..file.size()).await.unwrap_or_default();
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// ImageNet's names for a network of ImageNet's shape that has none of its own.
pub async fn labels(model: &Model) -> Option<Vec<String>> {
    let config = model.config();
    if model.labels().is_some() || config.num_classes != IMAGENET_CLASSES || config.stem != Stem::Imagenet {
        return None;
    }
    let text = store::text(labels::IMAGENET).await.ok().flatten()?;
    Some(labels::parse(&text)).filter(|labels| labels.len() == IMAGENET_CLASSES)
}

/// Looks into the browser's cache.
pub fn refresh_kept(page: Page) {
    spawn_local(async move { page.kept.set(store::kept().await) });
}

/// Of a file that nobody has described.
fn unknown() -> Weights {
    Weights {
        config: ResNextConfig::cifar(2, 8, 8),
        place: Place::File(String::new()),
        bytes: 0,
        sha256: None,
        top1: None,
        licence: "not stated".into(),
        source: "your own file".into(),
        recipe: None,
    }
}
