//! Files that come in: dropped anywhere, pasted, or chosen. Weights become a network, all else is taken for a picture.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{File, FileList};

use super::browser;
use super::engine;
use super::page::{Network, Page};
use super::pictures::{self, Source};
use crate::classifier::Model;
use crate::view::catalogue::FILE_ID;
use crate::view::number;

/// Beyond this a file would not fit beside its copy in the memory of a 32-bit program.
const MAX_WEIGHTS: f64 = 1e9;

/// Ends of names that people give to weights; those we cannot read are refused in the reader's own words.
const WEIGHTS: [&str; 6] = [".safetensors", ".pt", ".pth", ".bin", ".onnx", ".ckpt"];

/// Takes the first file of a list; says whether there was one.
pub fn take_list(page: Page, files: Option<FileList>) -> bool {
    let file = files.and_then(|files| files.get(0));
    let found = file.is_some();
    if let Some(file) = file {
        take(page, file);
    }
    found
}

pub fn take(page: Page, file: File) {
    let name = file.name().to_lowercase();
    if WEIGHTS.iter().any(|end| name.ends_with(end)) {
        spawn_local(take_weights(page, file));
        return;
    }
    let id = page.engine.with_value(|engine| engine.pictures.next_id());
    // What is pasted from the screen has no name of its own.
    let title = if file.name().is_empty() { "Pasted picture".into() } else { file.name() };
    let alt = format!("Your picture, {title}");
    pictures::take(page, id, Source { blob: file.into(), title, alt, credit: None });
}

async fn take_weights(page: Page, file: File) {
    let name = file.name();
    match read_model(&file, &name).await {
        Ok(model) => {
            let index = page.networks.with_untracked(Vec::len);
            page.networks.update(|networks| {
                networks.push(Network {
                    id: FILE_ID,
                    title: name,
                    config: model.config().clone(),
                    side: model.input_size(),
                    offer: None,
                    labels: None,
                    accuracy: None,
                });
            });
            engine::remember(page, index, &model);
            page.choose_network(index);
        }
        Err(reason) => page.notify(true, format!("{name}: {reason}")),
    }
}

async fn read_model(file: &File, name: &str) -> Result<Model, String> {
    if file.size() > MAX_WEIGHTS {
        let (size, most) = (number::bytes(file.size() as u64), number::bytes(MAX_WEIGHTS as u64));
        return Err(format!("the file has {size}, and at most {most} are read. Save it in half precision."));
    }
    let bytes = browser::read(file, None).await?;
    Model::open(name, Rc::new(bytes), None).await.map_err(|error| error.to_string())
}
