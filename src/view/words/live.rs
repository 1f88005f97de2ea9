//! Cameras, shared screens and videos, in words.

use crate::protocol::{PictureRequest, PictureSource};
use crate::view::live::{LiveKind, Pace};
use crate::view::number;

/// What a video that cannot be played is, and what to do.
pub const UNPLAYABLE: &str = "this file is a video, and this browser cannot play it. Save it as MP4 (H.264) or WebM, or take a \
                              screenshot of a frame";

/// Beside a film strip.
pub const VIDEO_LEFT_OUT: &str =
    "Pictures and videos came together: the pictures are shown. Drop a video alone to play it.";

/// After the camera was stopped because nobody saw the page.
pub const STOPPED_UNSEEN: &str = "The camera was stopped while the page was hidden. Press Camera to go on.";

/// When a camera is gone.
pub const CAMERA_GONE: &str = "The camera was disconnected, or its permission was taken back. Its last picture stays.";

/// A request for a frame, by the number of the picture.
pub fn frame(id: u64, title: &str) -> PictureRequest {
    let (title, alt) = (title.to_owned(), format!("A moving picture: {title}"));
    PictureRequest { id, title, alt, credit: None, source: PictureSource::File }
}

/// What the source of frames is called; a camera by the name that it gives itself.
pub fn live_title(kind: LiveKind, name: &str) -> String {
    match kind {
        LiveKind::Camera if name.is_empty() => "Camera".into(),
        LiveKind::Camera => format!("Camera: {name}"),
        LiveKind::Screen => "Shared screen".into(),
        LiveKind::Video => name.into(),
    }
}

/// Why there are no frames, by the name of the browser's error; whether it is an error, and no decision of the visitor's.
pub fn no_frames(kind: LiveKind, error: &str) -> (bool, String) {
    match (kind, error) {
        (LiveKind::Screen, "NotAllowedError") => {
            (false, "No screen was shared. Press Screen and choose a screen, a window or a tab.".into())
        }
        (LiveKind::Screen, "NoMedia" | "SecurityError") => {
            (true, "This browser shares no screen with this page. Drop a picture or a video in its place.".into())
        }
        (LiveKind::Screen, error) => (true, format!("The screen could not be shared: the browser says {error}.")),
        (_, "NotAllowedError") => (
            true,
            "The camera is not allowed on this page. Allow it in the browser’s address bar, and press Camera again. Its pictures \
             stay on this machine."
                .into(),
        ),
        (_, "NotFoundError" | "OverconstrainedError") => {
            (true, "No camera was found. Connect one and press Camera again, or drop a picture or a video.".into())
        }
        (_, "NotReadableError" | "AbortError") => (
            true,
            "The camera did not start: another program may be using it. Close that, and press Camera again.".into(),
        ),
        (_, "NoMedia" | "SecurityError") => (
            true,
            "This browser gives no camera to this page: it must be opened from https:// or from this machine (localhost).".into(),
        ),
        (_, error) => (true, format!("The camera did not start: the browser says {error}.")),
    }
}

/// The times of a moving picture, in one line.
pub fn pace(pace: &Pace) -> String {
    let gpu = pace.gpu_ms.map(|ms| format!(" · GPU {}", number::milliseconds(ms))).unwrap_or_default();
    format!("{} pictures/s{gpu} · total {}", number::significant(pace.per_second), number::milliseconds(pace.wall_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_to_do() {
        for kind in [LiveKind::Camera, LiveKind::Screen] {
            for error in
                ["NotAllowedError", "NotFoundError", "NotReadableError", "SecurityError", "NoMedia", "TypeError"]
            {
                let (_, text) = no_frames(kind, error);
                let says = ["Press", "press", "Drop", "drop", "must be opened", "the browser says"];
                assert!(says.iter().any(|words| text.contains(words)), "{text}");
            }
        }
        assert!(!no_frames(LiveKind::Screen, "NotAllowedError").0, "the visitor has changed their mind");
        assert!(no_frames(LiveKind::Camera, "NotAllowedError").0);
    }

    #[test]
    fn the_pace_is_told_in_one_line() {
        let told = Pace { per_second: 24.96, gpu_ms: Some(3.2), wall_ms: 5.0 };
        assert_eq!(pace(&told), "25.0 pictures/s · GPU 3.20 ms · total 5.00 ms");
    }
}
