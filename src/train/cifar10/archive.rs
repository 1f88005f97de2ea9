//! The archives that CIFAR-10's home page has, after gzip: a tar archive of six files, read as its bytes come in.

use super::pickle::pickle;
use super::records::records;
use super::{ArchiveError, pictures};
use crate::train::{Pictures, Set};

/// Everything in a tar archive is padded to this many bytes.
const BLOCK: usize = 512;
/// The largest file of CIFAR-10 has 31 MB.
const MOST: u64 = 40 << 20;

/// Reads an archive piece by piece.
#[derive(Default)]
pub struct Archive {
    /// The header that is coming in.
    header: Vec<u8>,
    file: Option<Part>,
    train: Set,
    test: Set,
}

/// A file that is coming in.
struct Part {
    name: String,
    size: u64,
    /// Bytes that have come, with those of the padding.
    come: u64,
    /// `None` for a file that is not used.
    bytes: Option<Vec<u8>>,
}

impl Part {
    /// Bytes that it takes in the archive.
    fn padded(&self) -> u64 {
        self.size.next_multiple_of(BLOCK as u64)
    }
}

impl Archive {
    /// Takes the next bytes, however many.
    ///
    /// # Errors
    /// [`ArchiveError`] where this is no archive of CIFAR-10, or one that is not read.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), ArchiveError> {
        while !bytes.is_empty() {
            if let Some(part) = &mut self.file {
                let left = usize::try_from(part.padded() - part.come).unwrap_or(usize::MAX);
                let (now, later) = bytes.split_at(left.min(bytes.len()));
                if let Some(kept) = &mut part.bytes {
                    let wanted = usize::try_from(part.size).unwrap_or(usize::MAX) - kept.len();
                    kept.extend_from_slice(&now[..wanted.min(now.len())]);
                }
                part.come += now.len() as u64;
                bytes = later;
            } else {
                let (now, later) = bytes.split_at((BLOCK - self.header.len()).min(bytes.len()));
                self.header.extend_from_slice(now);
                bytes = later;
                if self.header.len() == BLOCK {
                    let header = std::mem::take(&mut self.header);
                    self.file = file(&header)?;
                }
            }
            if let Some(part) = self.file.take_if(|part| part.come == part.padded())
                && let Some(bytes) = part.bytes
            {
                self.take(&part.name, &bytes)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let set = if name.starts_with("test_batch") { &mut self.test } else { &mut self.train };
        if name.ends_with(".bin") { records(name, bytes, set) } else { pickle(name, bytes, set) }
    }

    /// The data set, when all bytes have come.
    ///
    /// # Errors
    /// [`ArchiveError`] where something is missing.
    pub fn finish(self) -> Result<Pictures, ArchiveError> {
        if let Some(Part { name: file, size: expected, come, .. }) = self.file {
            return Err(ArchiveError::Truncated { file, expected, got: come.min(expected) });
        }
        let (trained, tested) = (self.train.count(), self.test.count());
        if trained == 0 || tested == 0 {
            return Err(ArchiveError::Missing { trained, tested });
        }
        Ok(pictures("CIFAR-10".into(), self.train, self.test))
    }
}

/// Reads a header; `None` for the empty blocks at the end.
fn file(header: &[u8]) -> Result<Option<Part>, ArchiveError> {
    if header.iter().all(|&byte| byte == 0) {
        return Ok(None);
    }
    let text = |from: usize, len: usize| {
        let field = &header[from..from + len];
        let end = field.iter().position(|&byte| byte == 0).unwrap_or(len);
        std::str::from_utf8(&field[..end]).ok().map(str::trim)
    };
    let octal = |from, len| text(from, len).and_then(|digits| u64::from_str_radix(digits, 8).ok());
    let sum: u64 = header.iter().map(|&byte| u64::from(byte)).sum();
    let own: u64 = header[148..156].iter().map(|&byte| u64::from(byte)).sum();
    // Of its own field a space is added per byte.
    let (Some(path), Some(size), Some(expected)) = (text(0, 100), octal(124, 12), octal(148, 8)) else {
        return Err(ArchiveError::NotAnArchive("it is no tar archive"));
    };
    if expected != sum - own + 8 * u64::from(b' ') {
        return Err(ArchiveError::NotAnArchive("it is no tar archive"));
    }
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let is_file = matches!(header[156], 0 | b'0');
    let other = |what| Err(ArchiveError::Other { file: path.to_owned(), what });
    if path.contains("cifar-100") {
        return other("CIFAR-100");
    }
    if is_file && name.ends_with(".mat") {
        return other("the MATLAB version");
    }
    let stem = name.strip_suffix(".bin").unwrap_or(&name);
    let is_used = is_file
        && (stem == "test_batch" || matches!(stem.strip_prefix("data_batch_"), Some("1" | "2" | "3" | "4" | "5")));
    if is_used && size > MOST {
        return Err(ArchiveError::NotAnArchive("a file in it is too large"));
    }
    Ok(Some(Part { name, size, come: 0, bytes: is_used.then(Vec::new) }))
}
