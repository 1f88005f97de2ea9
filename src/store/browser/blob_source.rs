//! A file from disk.

use std::ops::Range;

use web_sys::Blob;

use crate::platform::{slice, words};
use crate::store::FetchError;
use crate::weights::{ByteSource, Pending, WeightError};

/// A file that a person chose, or any other blob: read where and when it is asked for, never whole.
#[derive(Clone, Debug)]
pub struct BlobSource(Blob);

impl BlobSource {
    /// Reads from `blob`. A `File` is a `Blob`: `file.into()`.
    pub fn new(blob: Blob) -> Self {
        Self(blob)
    }
}

impl ByteSource for BlobSource {
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
