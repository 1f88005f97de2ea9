//! A file from disk.

use std::ops::Range;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::browser::words;
use super::error::FetchError;
use crate::weights::{ByteSource, Pending, WeightError};

/// A file that a person chose, or any other blob: read where and when it is asked for, never whole.
#[derive(Clone, Debug)]
pub struct Local(Blob);

impl Local {
    /// A `File` is a `Blob`: `file.into()`.
    pub fn new(blob: Blob) -> Self {
        Self(blob)
    }
}

impl ByteSource for Local {
    fn size(&self) -> u64 {
        self.0.size() as u64
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        Box::pin(async move {
            if range.end > self.size() {
                return Err(WeightError::Truncated { expected: range.end, got: self.size() });
            }
            let bytes = slice(&self.0, range).await.map_err(|error| FetchError::Disk(words(&error)))?;
            Ok(bytes.to_vec())
        })
    }
}

/// A part of a blob, still outside WASM memory. Shorter than asked for where the blob is.
pub async fn slice(blob: &Blob, range: Range<u64>) -> Result<Uint8Array, JsValue> {
    let part = blob.slice_with_f64_and_f64(range.start as f64, range.end as f64)?;
    Ok(Uint8Array::new(&JsFuture::from(part.array_buffer()).await?))
}
