//! Small typed wrappers of browser APIs, for the page's thread and for workers: timers, messages, fetches of the page's own files,
//! local storage, locks, the clipboard, blobs, canvases and video. wasm32 only.

mod blob;
mod canvas;
mod clipboard;
mod fetch;
mod js;
mod kept;
mod lock;
mod message;
mod storage;
mod time;
mod video;

pub use blob::{blob, compose, read, slice};
pub use canvas::{canvas, file_of};
pub use clipboard::copy_text;
pub use fetch::fetch;
pub use js::{call, get, is_offline, set, words};
pub use kept::Kept;
pub use lock::{Lock, is_locked, lock};
pub use message::Message;
pub use storage::{all_stored, remove_stored, store, stored};
pub use time::{frame, mark, now, sleep, turn};
pub use video::{camera, camera_id, cameras, frame_of, has_screen, next_frame, photo, play, screen, still, track};
