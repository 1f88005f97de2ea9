//! Names of files that are not read here, by their first bytes.

use super::error::ImageError;

/// Bytes that mark a kind of file, and where they are.
type Mark = (usize, &'static [u8]);

/// Pictures that some browsers decode.
const BY_BROWSERS: [(&str, &[Mark]); 5] = [
    ("AVIF", &[(4, b"ftypavif"), (4, b"ftypavis")]),
    (
        "HEIC",
        &[(4, b"ftyphei"), (4, b"ftyphev"), (4, b"ftypmif1"), (4, b"ftypmif2"), (4, b"ftypmsf1"), (4, b"ftypmiaf")],
    ),
    ("JPEG XL", &[(0, b"\xFF\x0A"), (0, b"\0\0\0\x0CJXL ")]),
    ("icon", &[(0, b"\0\0\x01\0")]),
    ("SVG", &[(0, b"<svg")]),
];

/// Pictures that no browser of today decodes everywhere, and documents with pictures.
const PICTURES: [(&str, &[Mark]); 21] = [
    ("JPEG 2000", &[(4, b"jP  "), (0, b"\xFF\x4F\xFF\x51")]),
    ("Canon's raw", &[(4, b"ftypcrx"), (8, b"CR\x02")]),
    ("Olympus' raw", &[(0, b"IIRO"), (0, b"IIRS"), (0, b"MMOR")]),
    ("Panasonic's raw", &[(0, b"IIU\0")]),
    ("Fujifilm's raw", &[(0, b"FUJIFILMCCD-RAW")]),
    ("TIFF", &[(0, b"II*\0"), (0, b"MM\0*"), (0, b"II+\0"), (0, b"MM\0+")]),
    ("DICOM", &[(128, b"DICM")]),
    ("FITS", &[(0, b"SIMPLE  =")]),
    ("NIfTI", &[(344, b"n+1\0")]),
    ("OpenEXR", &[(0, b"\x76\x2F\x31\x01")]),
    ("Radiance HDR", &[(0, b"#?RADIANCE"), (0, b"#?RGBE")]),
    ("QOI", &[(0, b"qoif")]),
    ("farbfeld", &[(0, b"farbfeld")]),
    ("DDS", &[(0, b"DDS ")]),
    ("KTX", &[(0, b"\xABKTX ")]),
    ("Photoshop", &[(0, b"8BPS")]),
    ("GIMP", &[(0, b"gimp xcf")]),
    ("JPEG XR", &[(0, b"II\xBC\x01")]),
    ("PostScript", &[(0, b"%!PS"), (0, b"\xC5\xD0\xD3\xC6")]),
    ("PDF", &[(0, b"%PDF")]),
    ("Windows metafile", &[(0, b"\xD7\xCD\xC6\x9A"), (40, b" EMF")]),
];

const VIDEO: (&str, &str) = ("a video", "Pause it and take a screenshot of the frame");
const SOUND: (&str, &str) = ("a sound", "Choose a picture file");
const ARCHIVE: (&str, &str) =
    ("an archive or a document that is packed as one", "Unpack it, and choose a picture in it");
const NETWORK: (&str, &str) = ("the weights of a network", "Give it the name it had, with .safetensors at its end");

/// What is no picture: what it is, and what to do.
const OTHERS: [((&str, &str), &[Mark]); 4] = [
    (
        VIDEO,
        &[
            (4, b"ftyp"),
            (4, b"moov"),
            (4, b"mdat"),
            (0, b"\x1A\x45\xDF\xA3"),
            (8, b"AVI "),
            (0, b"\0\0\x01\xBA"),
            (0, b"\0\0\x01\xB3"),
            (0, b"FLV\x01"),
            (0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11"),
        ],
    ),
    (SOUND, &[(0, b"ID3"), (0, b"OggS"), (0, b"fLaC"), (8, b"WAVE"), (0, b"MThd")]),
    (
        ARCHIVE,
        &[(0, b"PK\x03\x04"), (0, b"\x1F\x8B"), (0, b"7z\xBC\xAF"), (0, b"Rar!"), (0, b"\xFD7zXZ"), (257, b"ustar")],
    ),
    (NETWORK, &[(0, b"\x89HDF"), (0, b"\x93NUMPY"), (0, b"GGUF"), (8, b"{\"")]),
];

fn has(bytes: &[u8], marks: &[Mark]) -> bool {
    marks.iter().any(|(at, mark)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(mark)))
}

/// Why a file that is no JPEG, PNG, WebP, GIF or BMP is not read.
pub(super) fn refusal(bytes: &[u8]) -> ImageError {
    if let Some(format) = browsers_format(bytes) {
        return ImageError::UnsupportedFormat { format, by_browsers: true };
    }
    let format = PICTURES.iter().find(|(_, marks)| has(bytes, marks)).map(|(name, _)| *name);
    let format = format.map(|name| if name == "TIFF" && is_raw(bytes) { "a camera's raw" } else { name });
    if let Some(format) = format.or_else(|| is_netpbm(bytes).then_some("PPM, PGM or PBM")) {
        return ImageError::UnsupportedFormat { format, by_browsers: false };
    }
    if let Some(((what, advice), _)) = OTHERS.iter().find(|(_, marks)| has(bytes, marks)) {
        return ImageError::OtherKind { what, advice };
    }
    let start = text_start(bytes);
    let begins = |words: &[&str]| words.iter().any(|word| start.starts_with(word));
    if begins(&["<!doctype html", "<html", "<head", "<body", "<!--"]) {
        let advice = "Open the picture's address in a browser, and save the picture itself";
        return ImageError::OtherKind { what: "a web page", advice };
    }
    let is_text = bytes.len() >= 4
        && !start.contains(|one: char| one.is_control() && !one.is_whitespace())
        && std::str::from_utf8(bytes).is_ok();
    let start = bytes[..bytes.len().min(if is_text { 60 } else { 12 })].escape_ascii().to_string();
    if is_text { ImageError::Text { start } } else { ImageError::NotAPicture { start } }
}

/// The name of a picture format that this browser may decode, though we do not.
fn browsers_format(bytes: &[u8]) -> Option<&'static str> {
    let found = BY_BROWSERS.iter().find(|(_, marks)| has(bytes, marks)).map(|(name, _)| *name);
    found.or_else(|| is_svg(bytes).then_some("SVG"))
}

/// Whether a file is an SVG, whatever stands before its first element.
#[must_use]
pub fn is_svg(bytes: &[u8]) -> bool {
    let start = text_start(bytes);
    let is_xml = ["<?xml", "<!doctype svg", "<!--", "<svg"].iter().any(|word| start.starts_with(word));
    is_xml && start.contains("<svg")
}

/// The first characters of a text in lower case, without a byte order mark and white space.
fn text_start(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).trim_start().to_ascii_lowercase()
}

/// Whether a TIFF has the pixels of a camera's sensor: the tag of Adobe's DNG, or the name of a maker that writes such files.
fn is_raw(tiff: &[u8]) -> bool {
    let head = &tiff[..tiff.len().min(1024)];
    let marks: [&[u8]; 5] = [b"\x12\xC6\x01\0", b"\xC6\x12\0\x01", b"NIKON", b"SONY", b"PENTAX"];
    marks.iter().any(|mark| head.windows(mark.len()).any(|bytes| bytes == *mark))
}

/// `P1` to `P7`, and a space or a line's end.
fn is_netpbm(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'1'..=b'7' | b'f' | b'F', space, ..] if space.is_ascii_whitespace())
}

/// Width and height of an AVIF or HEIC, or of what is largest in it; `None` where it states none.
#[must_use]
pub fn stated_size(bytes: &[u8]) -> Option<(usize, usize)> {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let sizes = head.windows(16).filter(|box_| box_.starts_with(b"ispe")).map(|box_| {
        let side = |at: usize| u32::from_be_bytes([box_[at], box_[at + 1], box_[at + 2], box_[at + 3]]) as usize;
        (side(8), side(12))
    });
    sizes.max_by_key(|(width, height)| width.saturating_mul(*height))
}
