//! JPEG: without metadata and profiles, up to the end of its pixels, and with an end marker.

use super::parts::{Part, Still};
use crate::image::exif;
use crate::image::header::{JpegSegments, jpeg_has_end};
use crate::image::jpeg_scans::{Scans, follow};

const END: [u8; 2] = [0xFF, 0xD9];

/// `None` where pixels are missing.
pub(super) fn read(bytes: &[u8], mut still: Still) -> Option<Still> {
    let end = match follow(bytes) {
        Scans::Whole { end } => end,
        Scans::Unknown if jpeg_has_end(bytes) => bytes.len(),
        Scans::CutShort | Scans::Unknown => return None,
    };
    still.parts.clear();
    let mut kept = 0;
    let mut segments = JpegSegments { bytes, at: 2 };
    let mut before = segments.at;
    let mut is_told = false;
    while let Some((marker, at)) = segments.next() {
        // Segments of programs, and comments; but JFIF's and Adobe's tell how colours are stored.
        if matches!(marker, 0xE1..=0xED | 0xEF | 0xFE) {
            let body = bytes.get(at + 2..segments.at).unwrap_or_default();
            if marker == 0xE1 && !is_told && body.starts_with(b"Exif\0\0") {
                still.orientation = exif::orientation(body);
                is_told = true;
            }
            still.parts.push(Part::Kept(kept..before));
            kept = segments.at;
        }
        if marker == 0xDA {
            break;
        }
        before = segments.at;
    }
    // The end marker is part of what is kept, or has to be made.
    if bytes.get(end..).is_some_and(|rest| rest.starts_with(&END)) {
        still.parts.push(Part::Kept(kept..end + END.len()));
    } else {
        still.parts.push(Part::Kept(kept..end));
        if !bytes[..end].ends_with(&END) {
            still.parts.push(Part::Made(END.to_vec()));
        }
    }
    Some(still)
}
