//! What a worker was asked for, so that another in its place can be asked again: the picture, the network, and the files of
//! both.

use web_sys::Blob;

use crate::protocol::{Command, Event, Notice, Origin, PictureRequest};

/// A command about a picture, with its file.
type PictureCommand = (PictureRequest, Option<Blob>);

#[derive(Default)]
pub(crate) struct Requests {
    /// The newest picture that was asked for, unless it was refused.
    picture: Option<PictureCommand>,
    /// The picture that is shown.
    shown_picture: Option<PictureCommand>,
    /// The last load, with its file.
    load: Option<(Origin, Option<Blob>)>,
    /// The files of networks from disk, by their indices in the list.
    network_files: Vec<(usize, Blob)>,
}

impl Requests {
    /// Records a command and its file.
    pub(crate) fn sent(&mut self, command: &Command, file: Option<&Blob>) {
        match command {
            Command::Picture(request) => self.picture = Some((request.clone(), file.cloned())),
            Command::Load(origin) => self.load = Some((origin.clone(), file.cloned())),
            _ => {}
        }
    }

    /// Records an event.
    pub(crate) fn received(&mut self, event: &Event) {
        match event {
            Event::Picture(picture) => {
                let is_it = |(request, _): &&PictureCommand| request.id == picture.request.id;
                if let Some(shown) = self.picture.as_ref().filter(is_it) {
                    self.shown_picture = Some(shown.clone());
                }
            }
            Event::Notice(Notice::Picture { title, .. } | Notice::Fetch { title, .. })
                if self.picture.as_ref().is_some_and(|(request, _)| request.title == *title) =>
            {
                self.picture = self.shown_picture.clone();
            }
            Event::Loaded { network } => {
                if let Some((Origin::File(_), Some(file))) = &self.load {
                    self.network_files.push((*network, file.clone()));
                }
            }
            _ => {}
        }
    }

    /// The picture that is to be shown.
    pub(crate) fn picture(&self) -> Option<PictureCommand> {
        self.picture.clone()
    }

    /// The file of the picture that is shown, if it is the visitor's.
    pub(crate) fn shown_file(&self) -> Option<Blob> {
        self.shown_picture.as_ref().and_then(|(_, file)| file.clone())
    }

    /// The last load.
    pub(crate) fn load(&self) -> Option<(Origin, Option<Blob>)> {
        self.load.clone()
    }

    /// The file of the network at an index, if it is from disk.
    pub(crate) fn network_file(&self, index: usize) -> Option<Blob> {
        self.network_files.iter().find(|(other, _)| *other == index).map(|(_, file)| file.clone())
    }
}
