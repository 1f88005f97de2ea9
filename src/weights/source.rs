//! Bytes of a weights file, wherever they lie: in memory, on disk, in the browser's cache, still on their way.

use std::ops::Range;
use std::pin::Pin;

use super::{TensorSource, WeightError};

/// A value that may have to be waited for. It belongs to one thread: nothing here is sent between threads.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A weights file that can be read at any place.
pub trait ByteSource {
    /// Bytes of the whole file.
    fn size(&self) -> u64;

    /// The bytes in `range`, as soon as they are there. A range past the end is [`WeightError::Truncated`].
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

/// Where an engine's weights come from, the tensors of one upload at a time.
pub trait WeightSource {
    /// The named tensors, as soon as they are there.
    fn fetch<'a>(&'a self, names: &'a [String]) -> Pending<'a, Result<Box<dyn TensorSource + 'a>, WeightError>>;

    /// How far into its file a tensor reaches, so that what arrives first can be used first.
    fn position(&self, _name: &str) -> u64 {
        0
    }
}

/// Tensors that are at hand need no waiting.
impl<T: TensorSource> WeightSource for T {
    fn fetch<'a>(&'a self, _names: &'a [String]) -> Pending<'a, Result<Box<dyn TensorSource + 'a>, WeightError>> {
        Box::pin(std::future::ready(Ok(Box::new(self) as Box<dyn TensorSource>)))
    }
}
