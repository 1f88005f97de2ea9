//! The files themselves: requests, pieces, the browser's cache. wasm32 only.

mod address;
mod arriving;
mod bell;
mod digest;
mod download;
mod flight;
mod intake;
mod local;
mod pace;
mod pieces;
mod shelf;
mod text;

pub use arriving::Arriving;
pub use digest::sha256;
pub use local::Local;
pub use shelf::{KeptFile, kept, remove};
pub use text::{MAX_TEXT_BYTES, text};
