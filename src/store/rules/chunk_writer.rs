//! Bytes on their way into a chunk: counted, hashed, and withheld until the file is known not to be a web page.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::hex::hex;
use super::html::{SNIFF_BYTES, is_html};
use crate::store::CHUNK_BYTES;

/// Bytes written and hashed at a time. A chunk has a whole number of slices.
const SLICE_BYTES: usize = 1 << 20;

/// The file is a web page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IsHtml;

/// The chunk that is being filled.
pub(crate) struct ChunkWriter {
    /// Offset in the file of the first byte of `buffer`.
    start: u64,
    /// The bytes after the last stored chunk.
    buffer: Vec<u8>,
    /// Of all bytes before [`ChunkWriter::position`]; `None` where no hash is expected.
    hash: Option<Sha256>,
    /// Whether the beginning of the file has been seen and is no web page.
    is_sniffed: bool,
}

impl ChunkWriter {
    /// A writer for a file of which the first `position` bytes are stored.
    pub(crate) fn new(position: u64) -> Self {
        Self { start: position, buffer: Vec::new(), hash: None, is_sniffed: position > 0 }
    }

    /// Begins at the first byte again. It goes on hashing if it did.
    pub(crate) fn restart(&mut self) {
        self.start = 0;
        self.buffer.clear();
        self.hash = self.hash.take().map(|_| Sha256::new());
        self.is_sniffed = false;
    }

    /// Continues from the hash of all bytes before [`ChunkWriter::position`].
    pub(crate) fn continue_hash(&mut self, hash: Sha256) {
        self.hash = Some(hash);
    }

    /// Offset in the file of the next byte to be written.
    pub(crate) fn position(&self) -> u64 {
        self.start + self.buffer.len() as u64
    }

    /// Bytes from the file's first on that readers may have: none of a file that may still be a web page.
    pub(crate) fn readable(&self) -> u64 {
        if self.is_sniffed { self.position() } else { 0 }
    }

    /// The most bytes that the next [`ChunkWriter::write`] takes; zero when the chunk is full.
    pub(crate) fn space(&self) -> usize {
        SLICE_BYTES.min(CHUNK_BYTES as usize - self.buffer.len())
    }

    /// Appends `length` bytes, at most [`ChunkWriter::space`], which `fill` copies into place.
    ///
    /// # Errors
    /// The file is a web page.
    pub(crate) fn write(&mut self, length: usize, fill: impl FnOnce(&mut [u8])) -> Result<(), IsHtml> {
        let end = self.buffer.len();
        self.buffer.reserve_exact(CHUNK_BYTES as usize - end);
        self.buffer.resize(end + length, 0);
        let slice = &mut self.buffer[end..];
        fill(slice);
        if let Some(hash) = &mut self.hash {
            hash.update(slice);
        }
        if self.buffer.len() >= SNIFF_BYTES { self.sniff() } else { Ok(()) }
    }

    /// Makes a file that is shorter than what is sniffed readable: no more bytes follow.
    ///
    /// # Errors
    /// The file is a web page.
    pub(crate) fn sniff(&mut self) -> Result<(), IsHtml> {
        if !self.is_sniffed && is_html(&self.buffer) {
            return Err(IsHtml);
        }
        self.is_sniffed = true;
        Ok(())
    }

    /// The bytes that are in no stored chunk yet.
    pub(crate) fn buffered(&self) -> &[u8] {
        &self.buffer
    }

    /// The bytes of a range of the file, if all of them are buffered.
    pub(crate) fn slice(&self, range: &Range<u64>) -> Option<&[u8]> {
        let start = range.start.checked_sub(self.start)?;
        self.buffer.get(start as usize..(range.end - self.start) as usize)
    }

    /// The buffered bytes have been stored as a chunk.
    pub(crate) fn advance(&mut self) {
        self.start = self.position();
        self.buffer.clear();
    }

    /// The SHA-256 of the file in lower-case hexadecimal digits, where it was hashed. Frees the buffer.
    pub(crate) fn finish(&mut self) -> Option<String> {
        self.buffer = Vec::new();
        self.hash.take().map(|hash| hex(&hash.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(writer: &mut ChunkWriter, bytes: &[u8]) -> Result<(), IsHtml> {
        writer.write(bytes.len(), |slice| slice.copy_from_slice(bytes))
    }

    #[test]
    fn a_chunk_is_filled_by_slices_and_left_behind() {
        let mut writer = ChunkWriter::new(0);
        let slices = CHUNK_BYTES / SLICE_BYTES as u64;
        for slice in 0..slices {
            assert_eq!(writer.space(), SLICE_BYTES);
            write(&mut writer, &vec![slice as u8; SLICE_BYTES]).unwrap();
        }
        assert_eq!((writer.space(), writer.buffered().len() as u64), (0, CHUNK_BYTES));
        assert_eq!(writer.slice(&(CHUNK_BYTES - 1..CHUNK_BYTES)), Some(&[slices as u8 - 1][..]));
        writer.advance();
        assert_eq!((writer.position(), writer.readable(), writer.buffered()), (CHUNK_BYTES, CHUNK_BYTES, &[][..]));
        write(&mut writer, b"end").unwrap();
        assert_eq!(writer.slice(&(CHUNK_BYTES + 1..CHUNK_BYTES + 3)), Some(&b"nd"[..]));
        assert_eq!(writer.slice(&(CHUNK_BYTES - 1..CHUNK_BYTES + 1)), None, "partly in a stored chunk");
        assert_eq!(writer.slice(&(CHUNK_BYTES..CHUNK_BYTES + 4)), None, "partly not there yet");
    }

    #[test]
    fn nothing_can_be_read_before_the_file_is_known_to_be_no_web_page() {
        let mut writer = ChunkWriter::new(0);
        write(&mut writer, &[0; SNIFF_BYTES - 1]).unwrap();
        assert_eq!((writer.position(), writer.readable()), (SNIFF_BYTES as u64 - 1, 0));
        write(&mut writer, &[0]).unwrap();
        assert_eq!(writer.readable(), SNIFF_BYTES as u64);

        let mut short = ChunkWriter::new(0);
        write(&mut short, b"{}").unwrap();
        assert_eq!(short.readable(), 0);
        short.sniff().unwrap();
        assert_eq!(short.readable(), 2);
    }

    #[test]
    fn a_web_page_is_refused_however_it_arrives() {
        let page = [b"<!doctype html>".to_vec(), vec![b' '; SNIFF_BYTES]].concat();
        assert_eq!(write(&mut ChunkWriter::new(0), &page), Err(IsHtml));
        let mut writer = ChunkWriter::new(0);
        let results: Vec<_> = page[..SNIFF_BYTES].iter().map(|&byte| write(&mut writer, &[byte])).collect();
        assert_eq!(results.iter().position(Result::is_err), Some(SNIFF_BYTES - 1));
        assert_eq!(writer.readable(), 0);
        // A chunk in the middle of a file may well begin like one.
        assert_eq!(write(&mut ChunkWriter::new(CHUNK_BYTES), &page), Ok(()));
    }

    #[test]
    fn the_hash_is_of_all_bytes_and_begins_again_with_them() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let mut writer = ChunkWriter::new(1);
        writer.continue_hash(Sha256::new_with_prefix(b"a"));
        write(&mut writer, b"bc").unwrap();
        assert_eq!(writer.finish().as_deref(), Some(abc));

        let mut writer = ChunkWriter::new(1);
        writer.continue_hash(Sha256::new_with_prefix(b"x"));
        write(&mut writer, b"yz").unwrap();
        writer.restart();
        assert_eq!((writer.position(), writer.readable()), (0, 0));
        write(&mut writer, b"abc").unwrap();
        assert_eq!(writer.finish().as_deref(), Some(abc));
        assert_eq!(ChunkWriter::new(0).finish(), None, "no hash was expected");
    }
}
