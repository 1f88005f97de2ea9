//! WebP: only the chunks that its pixels need, and of an animation only the first frame.

use std::ops::Range;

use super::parts::{Part, Still, u24_le, u32_le};
use crate::image::exif;

/// The name of a chunk, and its data without the byte that may fill it up.
type Chunk = ([u8; 4], Range<usize>);

fn chunks(bytes: &[u8], within: Range<usize>) -> impl Iterator<Item = Chunk> {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let name = *bytes.get(at..within.end)?.first_chunk()?;
        let data = at + 8;
        let end = data.checked_add(u32_le(bytes, at + 4)?)?;
        at = end.checked_add(end & 1)?;
        Some((name, data..end))
    })
}

/// `None` where the file ends before its pixels do.
pub(super) fn read(bytes: &[u8], mut still: Still) -> Option<Still> {
    let mut size = (still.canvas.width, still.canvas.height);
    let mut frame = None;
    let (mut alpha, mut pixels) = (None, None);
    let mut take = |(name, data): Chunk| match &name {
        b"ALPH" if pixels.is_none() => alpha = Some(data),
        b"VP8 " | b"VP8L" if pixels.is_none() => pixels = Some((name, data)),
        _ => {}
    };
    for (name, data) in chunks(bytes, 12..bytes.len()) {
        match &name {
            b"EXIF" => still.orientation = bytes.get(data).map_or(1, exif::orientation),
            b"ANMF" if frame.is_none() => {
                let at = data.start;
                size = (u24_le(bytes, at + 6)? + 1, u24_le(bytes, at + 9)? + 1);
                frame = Some((u24_le(bytes, at)? * 2, u24_le(bytes, at + 3)? * 2));
                chunks(bytes, at + 16..data.end.min(bytes.len())).for_each(&mut take);
            }
            b"ANMF" => {}
            _ => take((name, data)),
        }
    }
    still.place(frame.unwrap_or_default(), size)?;
    let (name, data) = pixels?;
    let mut body = Vec::new();
    if let Some(alpha) = alpha {
        let mut header = vec![0x10, 0, 0, 0];
        header.extend_from_slice(&(size.0 as u32 - 1).to_le_bytes()[..3]);
        header.extend_from_slice(&(size.1 as u32 - 1).to_le_bytes()[..3]);
        push(&mut body, *b"VP8X", &header);
        push(&mut body, *b"ALPH", bytes.get(alpha)?);
    }
    push(&mut body, name, bytes.get(data)?);
    let mut file = b"RIFF".to_vec();
    file.extend_from_slice(&(body.len() as u32 + 4).to_le_bytes());
    file.extend_from_slice(b"WEBP");
    file.append(&mut body);
    still.parts = vec![Part::Made(file)];
    Some(still)
}

fn push(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend_from_slice(&name);
    file.extend_from_slice(&(data.len() as u32).to_le_bytes());
    file.extend_from_slice(data);
    file.resize(file.len().next_multiple_of(2), 0);
}
