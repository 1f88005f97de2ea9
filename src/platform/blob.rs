//! Blobs: files that the browser holds outside of WASM memory.

use std::ops::Range;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use super::js::words;

/// Makes a blob of bytes.
///
/// # Errors
/// What the browser throws where it has no memory for it.
pub fn blob(bytes: &[u8]) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))
}

/// Makes a blob of pieces, which may be blobs and buffers, with a MIME type.
///
/// # Errors
/// What the browser throws where it has no memory for it.
pub fn compose(pieces: &Array, kind: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_blob_sequence_and_options(pieces, &options)
}

/// A range of a blob, still outside of WASM memory; shorter where the blob ends before the range does.
///
/// # Errors
/// What the browser throws where it cannot read the file any more.
pub async fn slice(blob: &Blob, range: Range<u64>) -> Result<Uint8Array, JsValue> {
    let part = blob.slice_with_f64_and_f64(range.start as f64, range.end as f64)?;
    Ok(Uint8Array::new(&JsFuture::from(part.array_buffer()).await?))
}

/// The beginning of a blob, of at most `length` bytes.
///
/// # Errors
/// Why it cannot be read, in words.
pub async fn read(blob: &Blob, length: u64) -> Result<Vec<u8>, String> {
    slice(blob, 0..length).await.map(|bytes| bytes.to_vec()).map_err(|error| words(&error))
}
