//! The parts of the store that need a browser: requests, its cache, its blobs. wasm32 only.

mod blob_source;
mod cache_entry;
mod chunk_store;
mod digest;
mod download;
mod file_url;
mod keep;
mod notify;
mod partial_file;
mod response_stream;
mod text;
mod transfer;

pub use blob_source::BlobSource;
pub use cache_entry::{cached_files, remove};
pub use digest::sha256;
pub use download::Download;
pub use keep::{forget, keep, kept};
pub use text::{MAX_TEXT_BYTES, text};
pub use transfer::is_downloaded;
