//! The handle with which components send commands.

use leptos::prelude::*;
use web_sys::{Blob, ImageBitmap};

use super::state::State;
use super::supervisor::Supervisor;
use crate::plan::GpuDtype;
use crate::protocol::{Command, Description, Laboratory, Origin, PictureRequest, Setting};
use crate::view::words;
use crate::zoo::cifar10::Item;
use crate::zoo::samples::Sample;

/// Sends commands to the worker. It is a handle: copies refer to the same worker.
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
        // It rises from the document to the window.
        window_event_listener_untyped("visibilitychange", move |_| {
            let is_hidden = document().hidden();
            self.worker.send(Command::Hidden(is_hidden));
            if is_hidden {
                self.let_go_of_camera();
            }
        });
    }

    /// Reports that the page has been drawn.
    pub(crate) fn drawn(self) {
        self.worker.send(Command::Drawn);
    }

    /// Shows one of the page's own pictures.
    pub(crate) fn show_sample(self, sample: &Sample) {
        self.state.strip.chosen.set(None);
        self.show_picture(words::sample(self.worker.next_picture(), sample), None);
    }

    /// Shows a picture of the test set, by its index on the sheet.
    pub(crate) fn show_test_picture(self, place: usize, item: Item) {
        self.state.strip.chosen.set(None);
        self.show_picture(words::test_picture(self.worker.next_picture(), place, item), None);
    }

    /// The page's state.
    pub(super) fn state(self) -> State {
        self.state
    }

    /// A number that is larger than that of every picture before.
    pub(super) fn next_picture(self) -> u64 {
        self.worker.next_picture()
    }

    /// The visitor's file of the picture that is shown.
    pub(super) fn shown_file(self) -> Option<Blob> {
        self.worker.shown_file()
    }

    /// Sends a command with the pixels of a frame.
    pub(super) fn send_frame(self, command: Command, frame: ImageBitmap) {
        self.worker.send_frame(command, frame);
    }

    /// Sends a command with its file.
    pub(super) fn send_with(self, command: Command, file: Option<Blob>) {
        self.worker.send_with(command, file);
    }

    /// Says what a network is: for the weights that follow, or for the network on the page.
    pub(crate) fn describe(self, description: Description) {
        self.worker.send(Command::Describe(description));
    }

    /// Ends the frames. What is to be shown in their place has been sent.
    pub(super) fn end_live(self) {
        self.worker.end_live();
    }

    /// Shows a picture.
    pub(super) fn show_picture(self, request: PictureRequest, file: Option<Blob>) {
        self.worker.send_with(Command::Picture(request), file);
    }

    /// Turns to a network of the list, and loads it first where it is not here.
    pub(crate) fn use_listed(self, place: usize) {
        if untrack(|| self.state.loading.is_here(place)) {
            self.state.choice.turn_to(place);
        } else {
            self.load_listed(place);
        }
    }

    /// Loads a network of the list.
    pub(crate) fn load_listed(self, place: usize) {
        self.worker.load_listed(place);
    }

    /// Loads a network from an address.
    pub(crate) fn load_url(self, url: String) {
        self.worker.send(Command::Load(Origin::Url(url)));
    }

    /// Ends the load under way, or dismisses the message that it failed.
    pub(crate) fn cancel_load(self) {
        self.state.loading.load.set(None);
        self.worker.send(Command::CancelLoad);
    }

    /// Repeats the load that failed.
    pub(crate) fn retry_load(self) {
        self.worker.retry_load();
    }

    /// Lists the files in the browser's cache.
    pub(crate) fn list_files(self) {
        self.worker.send(Command::ListFiles);
    }

    /// Removes a network's file from the browser's cache. A network in use stays in use; to be loaded again, it has to be fetched
    /// again.
    pub(crate) fn remove_file(self, network: usize, url: String) {
        self.state.loading.unload(network);
        self.worker.send(Command::RemoveFile { network, url });
    }

    /// Measures the accuracy of the setting from where it was stopped, or from the first picture where it is complete.
    pub(crate) fn evaluate(self) {
        self.stop_live();
        self.worker.send(Command::Evaluate(true));
    }

    /// Stops that.
    pub(crate) fn stop_evaluating(self) {
        self.worker.send(Command::Evaluate(false));
    }

    /// Tunes the GPU again.
    pub(crate) fn tune(self) {
        self.stop_live();
        self.state.device.tuned.set(None);
        self.worker.send(Command::Tune);
    }

    /// Times settings that are not chosen.
    pub(crate) fn time(self, settings: Vec<Setting>) {
        self.worker.send(Command::Time(settings));
    }

    /// Measures in the laboratory, or goes on with it: the runs that it has count.
    pub(crate) fn measure(self, laboratory: Laboratory) {
        self.stop_live();
        self.worker.send(Command::Measure(laboratory));
    }

    /// Stops that.
    pub(crate) fn stop_measuring(self) {
        self.worker.send(Command::StopMeasuring);
    }

    /// Saves the network that is on the device to the visitor's disk.
    pub(crate) fn save(self, dtype: GpuDtype) {
        self.worker.send(Command::Save(dtype));
    }

    /// Asks for a GPU again.
    pub(crate) fn find_gpu(self) {
        self.worker.send(Command::FindGpu);
    }

    /// Tries again after a failure.
    pub(crate) fn try_again(self) {
        self.worker.try_again();
    }
}
