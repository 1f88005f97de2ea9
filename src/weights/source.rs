//! Access to the bytes of a weights file, whether in memory, on disk, in the browser's cache, or still being downloaded.

use std::ops::Range;
use std::pin::Pin;

use super::{TensorSource, WeightError};

/// A boxed future without `Send`: nothing here is sent between threads.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A weights file that can be read at any offset.
pub trait ByteSource {
    /// Bytes of the whole file.
    fn size(&self) -> u64;

    /// The bytes in `range`, as soon as they are available.
    ///
    /// # Errors
    /// [`WeightError::Truncated`] for a range past the end, [`WeightError::Source`] if the bytes cannot be read.
    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>>;
}

/// A file that is in memory already.
impl ByteSource for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        let found = usize::try_from(range.start)
            .and_then(|start| Ok(start..usize::try_from(range.end)?))
            .ok()
            .and_then(|range| self.get(range));
        let read = match found {
            Some(bytes) => Ok(bytes.to_vec()),
            None => Err(WeightError::Truncated { expected: range.end, got: self.size() }),
        };
        Box::pin(std::future::ready(read))
    }
}

/// Gives an engine its weights, the tensors of one upload at a time.
pub trait WeightSource {
    /// The named tensors (PyTorch's keys), as soon as they are available.
    ///
    /// # Errors
    /// [`WeightError`] if their bytes cannot be read.
    fn fetch<'a>(&'a self, names: &'a [String]) -> Pending<'a, Result<Box<dyn TensorSource + 'a>, WeightError>>;

    /// The byte offset of a tensor's end in its file, so that tensors can be uploaded in the order in which they arrive.
    fn position(&self, _name: &str) -> u64 {
        0
    }
}

/// A [`TensorSource`] has all its tensors already, so its future is ready at once.
impl<T: TensorSource> WeightSource for T {
    fn fetch<'a>(&'a self, _names: &'a [String]) -> Pending<'a, Result<Box<dyn TensorSource + 'a>, WeightError>> {
        Box::pin(std::future::ready(Ok(Box::new(self) as Box<dyn TensorSource>)))
    }
}
