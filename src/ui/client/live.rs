//! Frames of a camera, a shared screen or a video, sent to the worker one at a time: the next when the last is answered.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, HtmlVideoElement, MediaStream, Url};

use super::handle::Client;
use crate::platform::{camera, camera_id, cameras, file_of, frame_of, next_frame, screen, track};
use crate::protocol::Command;
use crate::ui::state::{LiveInput, Media};
use crate::view::live::LiveKind;
use crate::view::words;

impl Client {
    /// Asks for a camera.
    pub(crate) fn open_camera(self) {
        self.open(LiveKind::Camera, camera(None));
    }

    /// Turns to the next camera.
    pub(crate) fn turn_camera(self) {
        let used = self.state().live.input.get_untracked().and_then(|input| match input.media {
            Media::Stream(stream) => track(&stream).and_then(|track| camera_id(&track)),
            Media::File(_) => None,
        });
        self.open(LiveKind::Camera, async move {
            let all = cameras().await;
            let place = all.iter().position(|id| Some(id) == used.as_ref()).map_or(0, |place| (place + 1) % all.len());
            camera(all.get(place).map(String::as_str)).await
        });
    }

    /// Asks for a screen, a window or a tab.
    pub(crate) fn open_screen(self) {
        self.open(LiveKind::Screen, screen());
    }

    /// Plays a video file.
    pub(super) fn play(self, name: &str, file: &Blob) {
        let url = Url::create_object_url_with_blob(file).unwrap_or_default();
        self.take_input(LiveInput { kind: LiveKind::Video, title: name.to_owned(), media: Media::File(url) });
    }

    fn open(self, kind: LiveKind, asked: impl Future<Output = Result<MediaStream, String>> + 'static) {
        let live = self.state().live;
        live.asked.set(Some(kind));
        spawn_local(async move {
            let outcome = asked.await;
            live.asked.set(None);
            match outcome {
                Ok(stream) => {
                    let name = track(&stream).map(|track| track.label()).unwrap_or_default();
                    let title = words::live_title(kind, &name);
                    self.take_input(LiveInput { kind, title, media: Media::Stream(stream) });
                    if kind == LiveKind::Camera {
                        live.has_other_camera.set(cameras().await.len() > 1);
                    }
                }
                Err(error) => {
                    let (is_error, text) = words::no_frames(kind, &error);
                    self.state().notices.add(is_error, text, None);
                }
            }
        });
    }

    fn take_input(self, input: LiveInput) {
        self.state().strip.chosen.set(None);
        let first = self.next_picture();
        self.state().live.take(input, first);
    }

    /// A video shows its first frame: sends its frames for as long as it is the one that is shown.
    pub(crate) fn send_frames(self, video: HtmlVideoElement) {
        let live = self.state().live;
        let Some(title) = live.input.get_untracked().map(|input| input.title) else { return };
        let input = live.begin(&video);
        self.state().results.preparing.set(true);
        self.send_with(Command::Live(true), None);
        spawn_local(async move {
            while live.is_at(input) {
                next_frame(&video).await;
                // There is none yet where this fails.
                let Ok(frame) = frame_of(&video).await else { continue };
                if !live.is_at(input) {
                    return frame.close();
                }
                let id = self.next_picture();
                let answered = live.expect(id);
                self.send_frame(Command::Frame(words::frame(id, &title)), frame);
                // An error says that the worker has ended; the one in its place gets the next frame.
                let _ = answered.await;
            }
        });
    }

    /// Ends the frames; the last one stays, as a picture. Says whether there were any.
    pub(crate) fn stop_live(self) -> bool {
        let live = self.state().live;
        if live.input.with_untracked(Option::is_none) {
            return false;
        }
        if live.has_ended() {
            return true;
        }
        // What is shown is a frame, unless none was answered yet.
        let title = self.state().results.picture.with_untracked(|shown| {
            let frame = shown.as_ref().filter(|shown| live.is_on() && shown.url.is_empty());
            frame.map(|frame| frame.picture.request.title.clone())
        });
        let Some((title, canvas)) = title.zip(live.still()) else {
            self.end_live();
            return true;
        };
        let id = self.next_picture();
        live.freeze();
        spawn_local(async move {
            match file_of(&canvas).await {
                Some(file) => self.show_picture(words::visitor_picture(id, &title), Some(file)),
                None => self.end_live(),
            }
        });
        true
    }

    /// The browser plays none of a video: what was shown before stays.
    pub(crate) fn refuse_video(self) {
        if let Some(input) = self.state().live.input.get_untracked() {
            self.stop_live();
            self.state().notices.error(words::unusable(&input.title, words::UNPLAYABLE));
        }
    }

    /// The camera is gone, or the visitor has ended the sharing.
    pub(crate) fn input_ended(self) {
        let live = self.state().live;
        let is_camera =
            live.input.with_untracked(|input| input.as_ref().is_some_and(|input| input.kind == LiveKind::Camera));
        // Where the page itself has stopped it, its last frame is on its way.
        if !live.has_ended() && self.stop_live() && is_camera {
            self.state().notices.note(words::CAMERA_GONE.into());
        }
    }

    /// The page is hidden: nobody sees what a camera is for. A video waits by itself, and a screen is shared to be looked at.
    pub(super) fn let_go_of_camera(self) {
        let kind = self.state().live.input.with_untracked(|input| input.as_ref().map(|input| input.kind));
        if kind == Some(LiveKind::Camera) && self.stop_live() {
            self.state().notices.note(words::STOPPED_UNSEEN.into());
        }
    }
}
