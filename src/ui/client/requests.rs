//! What was asked of a worker and has to be asked again of another in its place: the picture, the network, and the files of
//! both.

use web_sys::Blob;

use crate::protocol::{Command, Event, Notice, Origin, PictureRequest};

/// A command about a picture, with its file.
type PictureCommand = (PictureRequest, Option<Blob>);

#[derive(Default)]
pub(crate) struct Requests {
    /// The newest picture asked for, unless it was refused.
    picture: Option<PictureCommand>,
    /// The picture that is shown.
    shown_picture: Option<PictureCommand>,
    /// The newest network asked for, with its file.
    load: Option<(Origin, Option<Blob>)>,
    /// The files of networks that came from disk, by their place in the list.
    network_files: Vec<(usize, Blob)>,
}

impl Requests {
    /// Takes note of a command and the file beside it.
    pub(crate) fn sent(&mut self, command: &Command, file: Option<&Blob>) {
        match command {
            Command::Picture(request) => self.picture = Some((request.clone(), file.cloned())),
            Command::Load(origin) => self.load = Some((origin.clone(), file.cloned())),
            _ => {}
        }
    }

    /// Takes note of an event.
    pub(crate) fn received(&mut self, event: &Event) {
        match event {
            Event::Picture(picture) => {
                let is_it = |(request, _): &&PictureCommand| request.id == picture.request.id;
                if let Some(wanted) = self.picture.as_ref().filter(is_it) {
                    self.shown_picture = Some(wanted.clone());
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

    /// The picture that is wanted.
    pub(crate) fn picture(&self) -> Option<PictureCommand> {
        self.picture.clone()
    }

    /// The network that was asked for last.
    pub(crate) fn load(&self) -> Option<(Origin, Option<Blob>)> {
        self.load.clone()
    }

    /// The file of the network at a place, if it came from disk.
    pub(crate) fn network_file(&self, place: usize) -> Option<Blob> {
        self.network_files.iter().find(|(other, _)| *other == place).map(|(_, file)| file.clone())
    }
}
