//! Reads width and height from the first bytes of a file, without decoding it.
//!
//! Written here because `imagesize` (0.15.0) fails on files that people have and the tests hold: it gives a BMP whose rows
//! come from the top (`top_down.bmp`, 19x13) as 19x4294967283, one with the OS/2 header (7x5) as 327687x0, a lossy WebP with
//! scaling hints (7x5) as 16391x49157, and finds no size in a JPEG with fill bytes between its segments (`fill_bytes.jpg`).

/// Width and height of a PNG, from its `IHDR` chunk, which must come first.
pub(super) fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    Some((u32::from_be_bytes(array(bytes, 16)?), u32::from_be_bytes(array(bytes, 20)?)))
}

/// Width and height of a GIF's canvas: its logical screen, or more where its first frame lies outside of that. Some programs
/// write a screen of 0x0.
pub(super) fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    let screen = (u16_le(bytes, 6)?, u16_le(bytes, 8)?);
    let Some(frame) = gif_frame(bytes) else { return Some(screen) };
    let end = |axis: usize| Some(u16_le(bytes, frame + 1 + axis)? + u16_le(bytes, frame + 5 + axis)?);
    Some((screen.0.max(end(0)?), screen.1.max(end(2)?)))
}

/// The place of a GIF's first frame, behind the global colours and the extensions.
pub(super) fn gif_frame(bytes: &[u8]) -> Option<usize> {
    let packed = *bytes.get(10)?;
    let mut at = 13 + if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) };
    while *bytes.get(at)? == 0x21 {
        at += 2;
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
    }
    (bytes[at] == 0x2C).then_some(at)
}

/// Width and height of a BMP, from its device-independent header (the OS/2 one or any Windows one).
pub(super) fn bmp(bytes: &[u8]) -> Option<(u32, u32)> {
    if u32::from_le_bytes(array(bytes, 14)?) == 12 {
        return Some((u16_le(bytes, 18)?, u16_le(bytes, 20)?));
    }
    let width = i32::from_le_bytes(array(bytes, 18)?);
    let height = i32::from_le_bytes(array(bytes, 22)?);
    // A negative height means that rows come from the top; a negative width is invalid.
    Some((u32::try_from(width).ok()?, height.unsigned_abs()))
}

/// Width and height of a WebP, from its first chunk, which is of one of three kinds.
pub(super) fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((u24_le(bytes, 24)? + 1, u24_le(bytes, 27)? + 1)),
        b"VP8L" if *bytes.get(20)? == 0x2F => {
            let packed = u32::from_le_bytes(array(bytes, 21)?);
            Some(((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1))
        }
        // The upper two bits of each side are a hint for upscaling, not part of the size.
        b"VP8 " if bytes.get(23..26)? == [0x9D, 0x01, 0x2A] => {
            Some((u16_le(bytes, 26)? & 0x3FFF, u16_le(bytes, 28)? & 0x3FFF))
        }
        _ => None,
    }
}

/// Width and height of a JPEG as stored (before EXIF orientation), from its frame header.
pub(super) fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    JpegSegments { bytes, at: 2 }.find_map(|(marker, at)| {
        // C4 (Huffman tables), C8 (reserved) and CC (arithmetic coding) are not frame headers.
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if !is_frame {
            return None;
        }
        let height = u16::from_be_bytes(array(bytes, at + 3)?);
        let width = u16::from_be_bytes(array(bytes, at + 5)?);
        Some((u32::from(width), u32::from(height)))
    })
}

/// Whether a JPEG has an end marker after its first scan began.
///
/// Inside a scan `FF` is followed by `00` or a restart marker, so `FF D9` can only be the end.
pub(super) fn jpeg_has_end(bytes: &[u8]) -> bool {
    let scan = JpegSegments { bytes, at: 2 }.find(|&(marker, _)| marker == 0xDA);
    scan.and_then(|(_, at)| bytes.get(at..)).is_some_and(|rest| rest.windows(2).any(|pair| pair == [0xFF, 0xD9]))
}

/// Iterates over the marker segments of a JPEG: each marker and the offset of its length field.
///
/// It ends at the end of the bytes or at a byte that is not a marker. Callers must stop at the first
/// scan (`DA`), since compressed pixels follow it.
pub(super) struct JpegSegments<'a> {
    pub(super) bytes: &'a [u8],
    /// The end of the last segment.
    pub(super) at: usize,
}

impl Iterator for JpegSegments<'_> {
    type Item = (u8, usize);

    fn next(&mut self) -> Option<Self::Item> {
        if *self.bytes.get(self.at)? != 0xFF {
            return None;
        }
        // Any number of fill bytes FF may precede a marker.
        while *self.bytes.get(self.at)? == 0xFF {
            self.at += 1;
        }
        let marker = self.bytes[self.at];
        let at = self.at + 1;
        // Restart markers, start and end of image, and TEM have no length and no body.
        let stands_alone = matches!(marker, 0x01 | 0xD0..=0xD9);
        let length = if stands_alone { 0 } else { u16::from_be_bytes(array(self.bytes, at)?) };
        self.at = at + usize::from(length);
        Some((marker, at))
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u16_le(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(|pair| u32::from(u16::from_le_bytes(pair)))
}

fn u24_le(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(|[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]))
}
