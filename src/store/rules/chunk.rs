//! Ranges of bytes and the chunks that they lie in.

use std::ops::Range;

use crate::store::CHUNK_BYTES;

/// A range of a file, cut where one chunk ends and the next begins.
pub(crate) fn split_at_chunks(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let mut start = range.start;
    std::iter::from_fn(move || {
        let end = range.end.min((start / CHUNK_BYTES + 1) * CHUNK_BYTES);
        let part = start..end;
        start = end;
        (!part.is_empty()).then_some(part)
    })
}

/// The index of the chunk that a part from [`split_at_chunks`] lies in, and the part's range within that chunk.
pub(crate) fn in_chunk(part: &Range<u64>) -> (usize, Range<u64>) {
    let index = part.start / CHUNK_BYTES;
    let base = index * CHUNK_BYTES;
    (index as usize, part.start - base..part.end - base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_at_every_chunk() {
        let parts: Vec<_> = split_at_chunks(CHUNK_BYTES - 3..2 * CHUNK_BYTES + 5).collect();
        assert_eq!(
            parts,
            [CHUNK_BYTES - 3..CHUNK_BYTES, CHUNK_BYTES..2 * CHUNK_BYTES, 2 * CHUNK_BYTES..2 * CHUNK_BYTES + 5]
        );
        let places: Vec<_> = parts.iter().map(in_chunk).collect();
        assert_eq!(places, [(0, CHUNK_BYTES - 3..CHUNK_BYTES), (1, 0..CHUNK_BYTES), (2, 0..5)]);
    }

    #[test]
    fn an_empty_range_has_no_parts() {
        assert_eq!(split_at_chunks(7..7).count(), 0);
        assert_eq!(split_at_chunks(CHUNK_BYTES..CHUNK_BYTES).count(), 0);
        assert_eq!(split_at_chunks(0..CHUNK_BYTES).count(), 1);
    }
}
