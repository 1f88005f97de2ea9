//! What the visitor gives to classes: files, folders, the picture on the page, frames of what moves. It is learned when nothing has
//! changed for a moment.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, DataTransfer, File, FileList};

use super::arrivals::folder;
use super::handle::Client;
use super::svg;
use crate::platform::{file_of, get, now, read, sleep};
use crate::protocol::Command;
use crate::view::arrival::{belongs, is_drawing};
use crate::view::file_kind::{FileKind, OPENING_BYTES};
use crate::view::{teach, words};

/// Milliseconds without a change after which it is learned.
const QUIET_MS: i32 = 200;
/// Milliseconds between two frames that are given to a class.
const FRAME_MS: f64 = 100.0;
/// Bytes in which the element of an SVG is found.
const SVG_START: u64 = 1024;

impl Client {
    /// Gives files to a class, or those of a folder to the class of its name.
    pub(crate) fn teach_files(self, class: Option<u64>, files: Option<FileList>) {
        for file in folder::list(files) {
            // `pets/cat/1.png`, where a folder was chosen.
            let path = get(&file, "webkitRelativePath").as_string().unwrap_or_default();
            match path.rsplit('/').nth(1) {
                Some(_) if !belongs(&file.name(), &file.type_()) => {}
                Some(folder) => self.teach_file(self.state().teach.class_named(folder), file),
                None => self.teach_file(self.class_or_new(class), file),
            }
        }
    }

    /// Gives what was dropped or pasted to a class; folders to the classes of their names. Says whether there was anything.
    pub(crate) fn teach_transfer(self, class: Option<u64>, data: Option<DataTransfer>) -> bool {
        let Some((folders, files)) = data.map(|data| folder::split(&data)) else { return false };
        if folders.is_empty() && files.is_empty() {
            return false;
        }
        for file in files {
            self.teach_file(self.class_or_new(class), file);
        }
        if !folders.is_empty() {
            spawn_local(async move {
                let mut is_empty = true;
                for (name, files) in folder::by_folder(folders).await {
                    for file in files.into_iter().filter(|file| belongs(&file.name(), &file.type_())) {
                        is_empty = false;
                        self.teach_file(self.state().teach.class_named(&name), file);
                    }
                }
                if is_empty {
                    self.state().teach.leave_out(words::EMPTY_FOLDER.into());
                }
            });
        }
        true
    }

    /// Gives the picture on the page to a class, or a frame of what moves.
    pub(crate) fn teach_shown(self, class: u64) {
        if self.state().live.is_on() {
            return spawn_local(async move { self.teach_frame(class).await });
        }
        let shown = self.state().results.picture.with_untracked(|shown| {
            let shown = shown.as_ref()?;
            Some((shown.picture.request.title.clone(), shown.url.clone()))
        });
        let (Some((title, url)), own) = (shown, self.shown_file()) else { return };
        spawn_local(async move {
            let file = match own {
                Some(file) => Some(file),
                None => svg::draw(&url).await,
            };
            match file {
                Some(file) => self.teach_picture(class, &title, &file),
                None => self.state().teach.leave_out(words::unusable(&title, teach::NO_COPY)),
            }
        });
    }

    /// Gives frames of what moves to a class, for as long as it is the one that is recorded.
    pub(crate) fn record(self, class: u64) {
        let recording = self.state().teach.recording;
        recording.set(Some(class));
        spawn_local(async move {
            while recording.get_untracked() == Some(class) && self.state().live.is_on() {
                let begun = now();
                self.teach_frame(class).await;
                sleep((FRAME_MS - (now() - begun)).max(1.0) as i32).await;
            }
        });
    }

    async fn teach_frame(self, class: u64) {
        if self.state().teach.is_full() {
            return self.state().teach.leave_out(teach::too_many());
        }
        let Some(canvas) = self.state().live.photo() else { return };
        let Some(file) = file_of(&canvas).await else { return };
        // A frame like the one before says nothing new.
        if let Ok(id) = self.state().teach.add(class, teach::FRAME, &file) {
            self.take_taught(id, &file);
        }
    }

    fn class_or_new(self, class: Option<u64>) -> u64 {
        let teach = self.state().teach;
        class.filter(|key| *key > 0).unwrap_or_else(|| {
            let last = teach.classes.with_untracked(|all| all.last().map(|class| class.key));
            last.unwrap_or_else(|| teach.add_class(teach.free_name()))
        })
    }

    fn teach_file(self, class: u64, file: File) {
        spawn_local(async move {
            let start = read(&file, SVG_START).await.unwrap_or_default();
            let opening = &start[..start.len().min(OPENING_BYTES as usize)];
            let name = file.name();
            let kept = match FileKind::of(&name, opening) {
                FileKind::Picture if is_drawing(&start) => svg::drawn(&file).await.ok_or(words::SVG),
                FileKind::Picture => Ok(file.into()),
                _ => Err(teach::NO_PICTURE),
            };
            match kept {
                Ok(kept) => self.teach_picture(class, &name, &kept),
                Err(reason) => self.state().teach.leave_out(words::unusable(&name, reason)),
            }
        });
    }

    fn teach_picture(self, class: u64, name: &str, file: &Blob) {
        let teach = self.state().teach;
        if teach.is_full() {
            return teach.leave_out(teach::too_many());
        }
        match teach.add(class, name, file) {
            Ok(id) => self.take_taught(id, file),
            Err(holder) => teach.leave_out(words::unusable(name, &teach::twice(&holder))),
        }
    }

    fn take_taught(self, id: u64, file: &Blob) {
        self.send_with(Command::TeachPicture(id), Some(file.clone()));
        self.learn_soon();
    }

    /// Learns what has changed, when nothing has changed for a moment.
    pub(crate) fn learn_soon(self) {
        let teach = self.state().teach;
        let change = teach.change();
        teach.is_learning.set(true);
        spawn_local(async move {
            sleep(QUIET_MS).await;
            if teach.is_newest(change) && teach.recording.get_untracked().is_none() {
                self.learn();
                self.keep_now().await;
            }
        });
    }

    /// Learns what there is on the network that is on the page.
    pub(crate) fn learn(self) {
        self.state().learn(|lesson| self.send_with(Command::Teach(lesson), None));
    }
}
