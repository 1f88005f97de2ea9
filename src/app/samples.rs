//! The bundled pictures, as `assets/samples/samples.json` lists them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser::{blob, fetch};
use super::outcome::Credit;
use super::page::Page;
use super::pictures::{self, Source};
use crate::gpu::pause;
use crate::json::{self, Json};

const FOLDER: &str = "assets/samples";

#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub file: String,
    pub thumb: Option<String>,
    pub title: String,
    pub alt: String,
    pub credit: String,
    pub licence: String,
    pub source: String,
}

impl Sample {
    fn read(json: &Json) -> Option<Self> {
        let text = |field: &str| json.get(field)?.as_str().map(str::to_owned);
        Some(Self {
            file: text("file")?,
            thumb: text("thumb"),
            title: text("title")?,
            alt: text("alt")?,
            credit: text("credit")?,
            licence: text("licence")?,
            source: text("source")?,
        })
    }

    /// A picture of the data set that the network was trained on, as small as it sees it.
    pub fn is_small(&self) -> bool {
        self.file.starts_with("cifar10/")
    }

    pub fn thumb_path(&self) -> String {
        format!("{FOLDER}/{}", self.thumb.as_ref().unwrap_or(&self.file))
    }
}

/// Reads the list, then shows its first picture unless the visitor was quicker.
pub fn load(page: Page, samples: RwSignal<Vec<Sample>>) {
    spawn_local(async move {
        pause().await;
        let list = fetch(&format!("{FOLDER}/samples.json")).await;
        let list = list.and_then(|bytes| {
            let list = json::parse(&String::from_utf8_lossy(&bytes)).map_err(|error| error.to_string())?;
            list.each(Sample::read).ok_or_else(|| "it is no list of pictures".to_owned())
        });
        match list {
            Ok(list) => {
                let first = list.first().cloned();
                samples.set(list);
                if let Some(first) = first.filter(|_| page.picture.with_untracked(Option::is_none)) {
                    choose(page, first);
                }
            }
            Err(reason) => page.notify(
                true,
                format!("The sample pictures could not be fetched ({reason}). Your own work all the same."),
            ),
        }
    });
}

pub fn choose(page: Page, sample: Sample) {
    let id = page.engine.with_value(|engine| engine.pictures.next_id());
    spawn_local(async move {
        let bytes = fetch(&format!("{FOLDER}/{}", sample.file)).await;
        match bytes.and_then(|bytes| blob(&bytes)) {
            Ok(blob) => {
                let credit = Credit { author: sample.credit, licence: sample.licence, source: sample.source };
                let source = Source { blob, title: sample.title, alt: sample.alt, credit: Some(credit) };
                pictures::take(page, id, source);
            }
            Err(reason) => page.notify(true, format!("{} could not be fetched ({reason}).", sample.title)),
        }
    });
}
