//! The handle by which components send commands.

use leptos::prelude::*;
use web_sys::{Blob, File, FileList};

use super::files::is_weights;
use super::state::State;
use super::supervisor::Supervisor;
use crate::protocol::{Command, Origin, PictureRequest};
use crate::view::words;
use crate::zoo::samples::Sample;
use crate::zoo::test_set::Item;

/// Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Client {
    state: State,
    worker: Supervisor,
}

impl Client {
    /// A client for the page's state, without a worker.
    pub(crate) fn new() -> Self {
        let state = State::of_page();
        Self { state, worker: Supervisor::new(state) }
    }

    /// Takes the worker that the page has started, and sends it the choice from now on.
    pub(crate) fn start(self) {
        self.worker.start();
    }

    /// Says that the page has been drawn.
    pub(crate) fn drawn(self) {
        self.worker.send(Command::Drawn);
    }

    /// Asks for one of the page's own pictures.
    pub(crate) fn show_sample(self, sample: &Sample) {
        self.show_picture(words::sample(self.worker.next_picture(), sample), None);
    }

    /// Asks for a picture of the test set, by its place on the sheet.
    pub(crate) fn show_test_picture(self, place: usize, item: Item) {
        self.show_picture(words::test_picture(self.worker.next_picture(), place, item), None);
    }

    /// Takes the first file of a list; says whether there was one.
    pub(crate) fn take_files(self, files: Option<FileList>) -> bool {
        let file = files.and_then(|files| files.get(0));
        let is_one = file.is_some();
        if let Some(file) = file {
            self.take_file(file);
        }
        is_one
    }

    fn take_file(self, file: File) {
        let name = file.name();
        if is_weights(&name) {
            self.worker.send_with(Command::Load(Origin::File(name)), Some(file.into()));
        } else {
            self.show_picture(words::visitor_picture(self.worker.next_picture(), &name), Some(file.into()));
        }
    }

    fn show_picture(self, request: PictureRequest, file: Option<Blob>) {
        self.worker.send_with(Command::Picture(request), file);
    }

    /// Loads a network of the list.
    pub(crate) fn load_listed(self, place: usize) {
        self.worker.load_listed(place);
    }

    /// Loads a network from an address.
    pub(crate) fn load_url(self, url: String) {
        self.worker.send(Command::Load(Origin::Url(url)));
    }

    /// Ends the load under way, or puts away the reason why it failed.
    pub(crate) fn cancel_load(self) {
        self.state.loading.load.set(None);
        self.worker.send(Command::CancelLoad);
    }

    /// Loads again what failed.
    pub(crate) fn retry_load(self) {
        self.worker.retry_load();
    }

    /// Looks into the browser's cache.
    pub(crate) fn list_files(self) {
        self.worker.send(Command::ListFiles);
    }

    /// Takes a network's file out of the browser's cache. What is in use goes on; to load it again it is fetched again.
    pub(crate) fn remove_file(self, network: usize, url: String) {
        self.state.loading.unload(network);
        self.worker.send(Command::RemoveFile { network, url });
    }

    /// Measures the accuracy of the setting from where it stopped, or from the beginning where all of it is there.
    pub(crate) fn evaluate(self) {
        self.worker.send(Command::Evaluate(true));
    }

    pub(crate) fn stop_evaluating(self) {
        self.worker.send(Command::Evaluate(false));
    }

    /// Chooses the GPU's kernels once more.
    pub(crate) fn tune(self) {
        self.state.device.tuned.set(None);
        self.worker.send(Command::Tune);
    }

    /// Looks for a GPU once more.
    pub(crate) fn find_gpu(self) {
        self.worker.send(Command::FindGpu);
    }

    /// Another attempt after a failure.
    pub(crate) fn try_again(self) {
        self.worker.try_again();
    }
}
