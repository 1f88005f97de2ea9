//! Files that come in: dropped anywhere, pasted, or chosen. Weights become a network, all else is taken for a picture.

use leptos::prelude::*;
use web_sys::{File, FileList};

use super::arrival::{self, Origin};
use super::page::Page;
use super::pictures::{self, Source};

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
    let name = file.name().to_ascii_lowercase();
    if WEIGHTS.iter().any(|end| name.ends_with(end)) {
        arrival::begin(page, Origin::File(file));
        return;
    }
    let id = page.engine.with_value(|engine| engine.pictures.next_id());
    // What is pasted from the screen has no name of its own.
    let title = if file.name().is_empty() { "Pasted picture".into() } else { file.name() };
    let alt = format!("Your picture, {title}");
    pictures::take(page, id, Source { blob: file.into(), title, alt, credit: None });
}
