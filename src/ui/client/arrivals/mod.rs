//! What the visitor drops, pastes or chooses: files, folders, addresses. Weights become a network, a video plays, and all others
//! are taken for pictures; several pictures become the strip. A result of the laboratory is read as one.

mod address;
pub(super) mod folder;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, DataTransfer, File, FileList};

use super::handle::Client;
use super::svg;
use crate::platform::read;
use crate::protocol::{Command, Description, Origin};
use crate::view::arrival::{MOST_PICTURES, belongs, is_drawing};
use crate::view::file_kind::{FileKind, OPENING_BYTES};
use crate::view::lab::is_result;
use crate::view::words;

/// As much as is read of a description, in bytes: 20 000 class names take 600 kB.
const LONGEST_DESCRIPTION: u64 = 1_000_000;
/// Bytes in which the element of an SVG is found.
const SVG_START: u64 = 1024;

impl Client {
    /// Takes what was dropped or pasted; says whether it can be used.
    pub(crate) fn take_transfer(self, data: Option<DataTransfer>) -> bool {
        let Some(data) = data else { return false };
        // The browser lets it be read now, and not later.
        let (folders, files) = folder::split(&data);
        if !folders.is_empty() {
            spawn_local(async move {
                let found = folder::files(folders).await.into_iter();
                let found = found.filter(|file| belongs(&file.name(), &file.type_()));
                let all: Vec<File> = files.into_iter().chain(found).collect();
                if all.is_empty() {
                    self.state().notices.note(words::EMPTY_FOLDER.into());
                } else {
                    self.take_all(all).await;
                }
            });
        } else if !files.is_empty() {
            spawn_local(self.take_all(files));
        } else if let Some(text) = data.get_data("text/plain").ok().filter(|text| is_result(text)) {
            self.take_result_or_say(&text);
        } else if let Some(address) = address::of(&data) {
            spawn_local(self.take_address(address));
        } else {
            return false;
        }
        true
    }

    /// Takes the files that were chosen in a dialog.
    pub(crate) fn take_files(self, files: Option<FileList>) {
        let files = folder::list(files);
        if !files.is_empty() {
            spawn_local(self.take_all(files));
        }
    }

    async fn take_all(self, files: Vec<File>) {
        let (mut weights, mut descriptions, mut pictures) = (Vec::new(), Vec::new(), Vec::new());
        let mut videos = Vec::new();
        // Now, so that of two pictures the one that was brought last counts.
        let id = self.next_picture();
        for file in files {
            // Of a file that cannot be read the name decides, and who reads it next reports why.
            let opening = read(&file, OPENING_BYTES).await.unwrap_or_default();
            match FileKind::of(&file.name(), &opening) {
                FileKind::Weights => weights.push(file),
                FileKind::Description => descriptions.push(file),
                FileKind::Video => videos.push(file),
                FileKind::Picture => pictures.push(file),
            }
        }
        self.take_network(weights, descriptions).await;
        let count = pictures.len();
        if count > MOST_PICTURES {
            pictures.truncate(MOST_PICTURES);
            self.state().notices.note(words::too_many_pictures(MOST_PICTURES, count));
        }
        if !pictures.is_empty() && !videos.is_empty() {
            self.state().notices.note(words::VIDEO_LEFT_OUT.into());
        }
        let strip = self.state().strip;
        match pictures.first().cloned() {
            None => {
                if let Some(video) = videos.first() {
                    self.play(&video.name(), video);
                }
            }
            Some(only) if count == 1 => {
                strip.chosen.set(None);
                self.show_file(id, &only.name(), only.clone().into()).await;
            }
            Some(_) => {
                strip.fill(pictures);
                self.show_of_strip(0);
            }
        }
    }

    /// Takes the first file of weights, and what describes them or the network on the page.
    async fn take_network(self, weights: Vec<File>, descriptions: Vec<File>) {
        let weights = weights.into_iter().next();
        for file in descriptions {
            let text = read(&file, LONGEST_DESCRIPTION).await.unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            if is_result(&text) {
                self.take_result_or_say(&text);
                continue;
            }
            self.describe(Description { name: file.name(), text, weights_follow: weights.is_some() });
        }
        if let Some(file) = weights {
            self.send_with(Command::Load(Origin::File(file.name())), Some(file.into()));
        }
    }

    /// Shows a picture of the strip.
    pub(crate) fn show_of_strip(self, place: usize) {
        let strip = self.state().strip;
        let chosen = strip.pictures.with_untracked(|pictures| pictures.get(place).cloned());
        let Some(chosen) = chosen else { return };
        let id = self.next_picture();
        strip.chosen.set(Some((place, id)));
        spawn_local(async move { self.show_file(id, &chosen.file.name(), chosen.file.clone().into()).await });
    }

    /// Shows a picture of the visitor's own.
    async fn show_file(self, id: u64, name: &str, file: Blob) {
        let start = read(&file, SVG_START).await.unwrap_or_default();
        let drawn = if is_drawing(&start) { svg::drawn(&file).await } else { Some(file) };
        match drawn {
            Some(file) => self.show_picture(words::visitor_picture(id, name), Some(file)),
            None => self.state().notices.error(words::unusable(name, words::SVG)),
        }
    }
}
