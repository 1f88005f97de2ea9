//! The moving picture: where its frames come from, and how fast they are answered.

use futures_channel::oneshot;
use leptos::prelude::*;
use web_sys::{HtmlVideoElement, MediaStream, OffscreenCanvas, Url};

use crate::platform::{now, photo, still, track};
use crate::protocol::Frame;
use crate::view::live::{Frames, LiveKind, Pace};

/// What a video element plays.
#[derive(Clone, PartialEq)]
pub(crate) enum Media {
    Stream(MediaStream),
    /// The object URL of a file.
    File(String),
}

/// Where frames come from.
#[derive(Clone, PartialEq)]
pub(crate) struct LiveInput {
    pub kind: LiveKind,
    pub title: String,
    pub media: Media,
}

impl LiveInput {
    /// Stops the camera or the sharing, or frees the file.
    pub(crate) fn close(&self) {
        match &self.media {
            Media::Stream(stream) => {
                if let Some(track) = track(stream) {
                    track.stop();
                }
            }
            // If this fails, the browser keeps the memory until the page is closed.
            Media::File(url) => drop(Url::revoke_object_url(url)),
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// What the video element plays.
    pub input: RwSignal<Option<LiveInput>, LocalStorage>,
    /// Whether its frames are shown and answered: it has shown the first.
    pub is_on: RwSignal<bool>,
    /// What the browser is being asked for.
    pub asked: RwSignal<Option<LiveKind>>,
    /// Whether there is another camera than the one in use.
    pub has_other_camera: RwSignal<bool>,
    pub pace: RwSignal<Option<Pace>>,
    inner: StoredValue<Inner, LocalStorage>,
}

#[derive(Default)]
struct Inner {
    /// Counts the inputs: the frames of an older one are dropped.
    input: u64,
    video: Option<HtmlVideoElement>,
    /// The last frame of the input before, until this one has shown a frame.
    before: Option<OffscreenCanvas>,
    /// Smaller than the numbers of its frames, and of all pictures that come after it.
    first: u64,
    /// The frame that waits for its answer.
    waiting: Option<(u64, oneshot::Sender<()>)>,
    frames: Frames,
    /// Whether it has ended, and its last frame is on its way to be a picture.
    has_ended: bool,
}

impl Live {
    pub(crate) fn new() -> Self {
        Self {
            input: RwSignal::new_local(None),
            is_on: RwSignal::new(false),
            asked: RwSignal::new(None),
            has_other_camera: RwSignal::new(false),
            pace: RwSignal::new(None),
            inner: StoredValue::new_local(Inner::default()),
        }
    }

    /// Whether frames take the place of the picture.
    pub(crate) fn is_on(self) -> bool {
        self.is_on.get_untracked()
    }

    /// Puts another input in the place of the last, whose last frame stays until it is known that this one has any. `first` is larger
    /// than the number of every picture before.
    pub(crate) fn take(self, input: LiveInput, first: u64) {
        let before = self.is_on().then(|| self.still()).flatten();
        self.end_input();
        self.inner.update_value(|inner| {
            inner.before = before;
            inner.first = first;
        });
        self.input.set(Some(input));
    }

    /// The video element shows its first frame. Gives the number of the input.
    pub(crate) fn begin(self, video: &HtmlVideoElement) -> u64 {
        self.is_on.set(true);
        self.inner
            .try_update_value(|inner| {
                inner.video = Some(video.clone());
                inner.before = None;
                inner.input
            })
            .unwrap_or_default()
    }

    /// Whether frames of this input are still wanted.
    pub(crate) fn is_at(self, input: u64) -> bool {
        self.is_on() && self.inner.with_value(|inner| inner.input == input && !inner.has_ended)
    }

    /// Ends the input. Its last frame is shown until it has become a picture.
    pub(crate) fn freeze(self) {
        self.inner.update_value(|inner| {
            inner.has_ended = true;
            if let Some(video) = &inner.video {
                // It may have ended by itself.
                let _ = video.pause();
            }
        });
        if let Some(input) = self.input.get_untracked() {
            input.close();
        }
    }

    /// Whether its last frame is on its way to be a picture.
    pub(crate) fn has_ended(self) -> bool {
        self.inner.with_value(|inner| inner.has_ended)
    }

    /// The last frame, whole.
    pub(crate) fn still(self) -> Option<OffscreenCanvas> {
        self.inner.with_value(|inner| inner.before.clone().or_else(|| still(inner.video.as_ref()?)))
    }

    /// The frame that is shown, as large as frames are answered.
    pub(crate) fn photo(self) -> Option<OffscreenCanvas> {
        self.inner.with_value(|inner| photo(inner.video.as_ref()?))
    }

    /// Waits for the answer to a frame; it ends with an error where there will be none.
    pub(crate) fn expect(self, frame: u64) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        self.inner.update_value(|inner| inner.waiting = Some((frame, sender)));
        receiver
    }

    /// The worker that was to answer has ended: the next frame goes to another.
    pub(crate) fn give_up(self) {
        self.inner.update_value(|inner| inner.waiting = None);
    }

    /// A frame is answered; says whether it is to be shown.
    pub(crate) fn answered(self, frame: &Frame) -> bool {
        let number = frame.picture.request.id;
        let pace = self.inner.try_update_value(|inner| {
            if let Some((_, sender)) = inner.waiting.take_if(|(expected, _)| *expected == number) {
                let _ = sender.send(());
            }
            (number >= inner.first).then(|| inner.frames.push(now(), frame))
        });
        let Some(pace) = pace.flatten().filter(|_| self.is_on()) else { return false };
        if pace.is_some() {
            self.pace.set(pace);
        }
        true
    }

    /// Whether a picture takes the place of the frames: one that came after the first of them.
    pub(crate) fn is_replaced_by(self, picture: u64) -> bool {
        self.is_on() && self.inner.with_value(|inner| picture >= inner.first)
    }

    /// Ends the frames.
    pub(crate) fn end(self) {
        self.end_input();
        self.input.set(None);
        self.is_on.set(false);
        self.pace.set(None);
    }

    fn end_input(self) {
        if let Some(input) = self.input.get_untracked() {
            input.close();
        }
        self.inner.update_value(|inner| {
            *inner = Inner { input: inner.input + 1, ..Inner::default() };
        });
        self.has_other_camera.set(false);
    }
}
