//! PNG: only the chunks that its pixels need. Gamma, profiles and texts are left out, and of an animation all but its first frame,
//! which need not be the picture that programs without animations show.

use super::parts::{Part, Still, u32_be};
use crate::image::exif;

/// The name of a chunk, and where its data begin and end.
type Chunk = ([u8; 4], usize, usize);

/// Chunks up to the last that is whole, or that the file ends in.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    let mut at = 8;
    std::iter::from_fn(move || {
        let length = u32_be(bytes, at)?;
        let name = *bytes.get(at + 4..)?.first_chunk()?;
        let data = at + 8;
        let end = data.checked_add(length)?;
        at = end.checked_add(4)?;
        Some((name, data, end.min(bytes.len())))
    })
}

/// `None` where the first frame of an animation is not there.
pub(super) fn read(bytes: &[u8], mut still: Still) -> Option<Still> {
    let mut animated = false;
    // Whether the picture of programs without animations is left out, and the animation's first frame taken.
    let mut from_frame = false;
    let mut pixels = Vec::new();
    let mut frames = 0;
    let mut before_pixels = vec![Part::Kept(0..33)];
    for (name, data, end) in chunks(bytes) {
        // With its length, its name and its checksum.
        let whole = data - 8..(end + 4).min(bytes.len());
        match &name {
            b"acTL" => animated = true,
            b"PLTE" | b"tRNS" => before_pixels.push(Part::Kept(whole)),
            b"eXIf" => still.orientation = exif::orientation(&bytes[data..end]),
            b"fcTL" => {
                frames += 1;
                if frames == 1 && animated && !pixels.is_empty() {
                    from_frame = true;
                    pixels.clear();
                    let size = (u32_be(bytes, data + 4)?, u32_be(bytes, data + 8)?);
                    still.place((u32_be(bytes, data + 12)?, u32_be(bytes, data + 16)?), size)?;
                    let mut header = bytes.get(16..29)?.to_vec();
                    header[..4].copy_from_slice(&(size.0 as u32).to_be_bytes());
                    header[4..8].copy_from_slice(&(size.1 as u32).to_be_bytes());
                    before_pixels[0] = Part::Kept(0..8);
                    before_pixels.insert(1, Part::Made(chunk(b"IHDR", &header)));
                }
            }
            b"IDAT" if !from_frame => pixels.push(Part::Kept(whole)),
            // Its first four bytes are a number.
            b"fdAT" if from_frame && frames == 1 => pixels.push(Part::Made(chunk(b"IDAT", bytes.get(data + 4..end)?))),
            b"IEND" => break,
            _ => {}
        }
    }
    if pixels.is_empty() {
        return None;
    }
    still.parts = before_pixels;
    still.parts.append(&mut pixels);
    still.parts.push(Part::Made(chunk(b"IEND", &[])));
    Some(still)
}

/// A chunk with its length and checksum.
fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut made = (data.len() as u32).to_be_bytes().to_vec();
    made.extend_from_slice(name);
    made.extend_from_slice(data);
    let sum = checksum(&made[4..]);
    made.extend_from_slice(&sum.to_be_bytes());
    made
}

/// PNG's checksum, CRC-32.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 })
    };
    !bytes.iter().fold(!0, step)
}
