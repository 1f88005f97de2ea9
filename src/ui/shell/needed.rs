//! The files that the worker has fetched from the page's own server, to be kept for offline visits. A worker's fetches are not
//! in the page's list of resources, so they are derived from the results.

use leptos::prelude::*;

use crate::protocol::PictureSource;
use crate::ui::client::{ANSWERS, worker_files};
use crate::ui::state::{Choice, Results};
use crate::zoo::cifar10::TEST;
use crate::zoo::{Listed, Location, labels};

/// Addresses relative to the page.
pub(crate) fn needed(choice: Choice, results: Results) -> Vec<String> {
    let mut needed = worker_files(ANSWERS);
    let picture = results.picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.source.clone()));
    if let Some(PictureSource::Url(path)) = picture {
        needed.push(path);
    }
    let setting = results.answer.with(|answer| answer.as_ref().map(|answer| answer.setting.clone()));
    let bundled = setting.and_then(|setting| {
        choice.at(setting.network, |listed| {
            let network = listed.network();
            let weights = network.trained.get(network.weights_for(&setting.config)?)?;
            if let Location::Bundled(path) = &weights.location { Some(path.clone()) } else { None }
        })?
    });
    needed.extend(bundled);
    let is_imagenets = |listed: &Listed| {
        listed.network().labels.as_ref().is_some_and(|labels| labels.len() == labels::IMAGENET_CLASSES)
    };
    if choice.networks.with(|networks| networks.iter().any(is_imagenets)) {
        needed.push(labels::IMAGENET.into());
    }
    if results.evaluations.with(|all| !all.is_empty()) {
        needed.extend([TEST.path, TEST.list].map(str::to_owned));
    }
    needed
}
