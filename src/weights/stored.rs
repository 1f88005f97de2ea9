//! A checkpoint whose bytes lie elsewhere: on disk, in the browser's cache, or still on their way. Only the
//! tensors that are asked for are in memory.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::checkpoint_header::CheckpointHeader;
use super::gather::in_order;
use super::read::{Opened, open};
use super::values::{check_values, decode};
use super::{ByteSource, Checkpoint, InThisProgram, Pending, TensorSource, TorchReader, WeightError, WeightSource};

/// Gaps up to this are read over, so that a batch norm's four tensors are one read.
const GAP_BYTES: usize = 4096;

/// A checkpoint in a file that can be read at any place. Its values are checked as they are fetched.
pub type StoredCheckpoint = Checkpoint<Rc<dyn ByteSource>>;

impl StoredCheckpoint {
    /// Reads the header and no more. `config_json` is a description from beside the file, for what its own
    /// `config` does not say.
    ///
    /// # Errors
    /// Whatever [`Checkpoint::parse`](super::Checkpoint::parse) refuses, but for values that are not finite.
    pub async fn open(source: Rc<dyn ByteSource>, config_json: Option<&str>) -> Result<Self, WeightError> {
        Self::open_with(&InThisProgram, source, config_json).await
    }

    /// As [`StoredCheckpoint::open`], where `torch` reads PyTorch's files.
    ///
    /// # Errors
    /// As [`StoredCheckpoint::open`], and what `torch` refuses.
    pub async fn open_with(
        torch: &dyn TorchReader,
        source: Rc<dyn ByteSource>,
        config_json: Option<&str>,
    ) -> Result<Self, WeightError> {
        let header = match open(&*source).await? {
            Opened::Safetensors(header) => header,
            Opened::Torch(_) => torch.header(source.clone()).await?.0,
        };
        Ok(Self { bytes: source, header: CheckpointHeader::new(header, config_json)? })
    }

    /// Reads the named tensors, neighbours in the file with one read.
    async fn read(&self, names: &[String]) -> Result<Fetched<'_>, WeightError> {
        // Few at a time, each put into its place: a sort would be code of its own.
        let mut wanted: Vec<(&str, Range<usize>)> = Vec::new();
        for name in names {
            let span = self.header.span(name);
            let place = wanted.partition_point(|(_, other)| other.start < span.start);
            wanted.insert(place, (name, span));
        }
        let mut reads: Vec<Range<usize>> = Vec::new();
        for (_, span) in &wanted {
            match reads.last_mut() {
                Some(read) if span.start <= read.end + GAP_BYTES => read.end = read.end.max(span.end),
                _ => reads.push(span.clone()),
            }
        }
        let mut parts = Vec::new();
        for read in reads {
            let bytes = self.bytes.read(read.start as u64..read.end as u64).await?;
            if bytes.len() != read.len() {
                return Err(WeightError::Truncated {
                    expected: read.end as u64,
                    got: (read.start + bytes.len()) as u64,
                });
            }
            parts.push((read.start, bytes));
        }
        let fetched = Fetched { header: &self.header, parts };
        for (name, _) in &wanted {
            if let Some(entry) = self.header.entries.get(*name) {
                check_values(name, &entry.dtype, &in_order(name, entry, fetched.bytes(&entry.span))?)?;
            }
        }
        Ok(fetched)
    }
}

impl WeightSource for StoredCheckpoint {
    fn fetch<'a>(&'a self, names: &'a [String]) -> Pending<'a, Result<Box<dyn TensorSource + 'a>, WeightError>> {
        Box::pin(async move { Ok(Box::new(self.read(names).await?) as Box<dyn TensorSource>) })
    }

    fn position(&self, name: &str) -> u64 {
        self.header.span(name).end as u64
    }
}

/// Some of the tensors of a file.
struct Fetched<'a> {
    header: &'a CheckpointHeader,
    /// Parts of the file, each with the place of its first byte.
    parts: Vec<(usize, Vec<u8>)>,
}

impl Fetched<'_> {
    /// The bytes of a span; none of one that was not read.
    fn bytes(&self, span: &Range<usize>) -> &[u8] {
        let part = self.parts.iter().find(|(start, bytes)| *start <= span.start && span.end <= start + bytes.len());
        part.map_or(&[], |(start, bytes)| &bytes[span.start - start..span.end - start])
    }
}

impl TensorSource for Fetched<'_> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        if let Some(zeros) = self.header.absent_bias(name, shape) {
            return Ok(Cow::Owned(zeros));
        }
        let entry = self.header.entry(name, shape)?;
        let bytes = self.bytes(&entry.span);
        if bytes.len() != entry.span.len() {
            return Err(WeightError::NoSuchTensor(name.to_owned()));
        }
        match in_order(name, entry, bytes)? {
            Cow::Borrowed(bytes) => decode(name, &entry.dtype, bytes),
            Cow::Owned(bytes) => Ok(Cow::Owned(decode(name, &entry.dtype, &bytes)?.into_owned())),
        }
    }

    fn bn_eps(&self) -> f64 {
        self.header.metadata.bn_eps
    }
}
