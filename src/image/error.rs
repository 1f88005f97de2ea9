//! Why a picture is refused, in words for the person who chose it.

use super::format::{ImageFormat, MAX_FILE_BYTES, MAX_PIXELS};
use crate::decimal::{self, short};

/// Why a picture, or a preprocessing setting, was refused.
///
/// The texts are shown on the page as they are: each says what is wrong, what was expected, what came and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// The file has no bytes at all.
    #[error(
        "the file is empty: it has 0 bytes, so its download or copy may have failed. \
         Fetch it again, or choose another picture"
    )]
    Empty,

    /// The file is larger than [`MAX_FILE_BYTES`].
    #[error(
        "the file is too large: {}, and at most {} MB are read. \
         Save a smaller copy of the picture",
        decimal::bytes(*.bytes as u64), MAX_FILE_BYTES / 1_000_000
    )]
    FileTooLarge {
        /// Size of the file in bytes.
        bytes: usize,
    },

    /// The first bytes are not those of a picture.
    #[error(
        "this file is not a picture: it begins with \"{start}\", which no JPEG, PNG, WebP, GIF or BMP \
         does. Choose a picture file"
    )]
    NotAPicture {
        /// The first bytes of the file, unprintable ones escaped.
        start: String,
    },

    /// The file is a text: often the message of a server that did not send the picture.
    #[error(
        "this file is not a picture but a text, \"{start}\". If it is a server's message, fetch the \
         picture again; otherwise choose a picture file"
    )]
    Text {
        /// The first characters of the text.
        start: String,
    },

    /// The first bytes are those of a file of another kind.
    #[error("this file is {what}, not a picture. {advice}")]
    OtherKind {
        /// What it is.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },

    /// The file is a picture of a format that is not read here.
    #[error(
        "{format} files are not read here, only JPEG, PNG, WebP, GIF and BMP. \
         Save the picture as JPEG or PNG"
    )]
    UnsupportedFormat {
        /// The usual name of the format.
        format: &'static str,
        /// Whether some browsers decode it.
        by_browsers: bool,
    },

    /// A picture of a format that some browsers decode, and this one does not, or one that is damaged.
    #[error(
        "this browser cannot decode this {format} file. If other programs show it, save the picture as \
         JPEG or PNG"
    )]
    NotThisBrowser {
        /// The usual name of the format.
        format: &'static str,
    },

    /// The first bytes name a format, but the width and height that must follow are not there.
    #[error(
        "the {format} file is damaged: it ends or breaks off before its width and height \
         ({bytes} bytes in all). Fetch it again, or choose another picture"
    )]
    BrokenHeader {
        /// The format that the first bytes mark.
        format: ImageFormat,
        /// Size of the file in bytes.
        bytes: usize,
    },

    /// The header gives a width or a height of zero.
    #[error(
        "the picture has no pixels: its size is {width}x{height}. Choose a picture that is at \
         least 1x1"
    )]
    ZeroSize {
        /// Width in pixels, as the header has it.
        width: usize,
        /// Height in pixels, as the header has it.
        height: usize,
    },

    /// The picture has more than [`MAX_PIXELS`] pixels.
    #[error(
        "the picture is too large: {width}x{height} are {} megapixels, and at most {} are read. \
         Save a smaller copy: the network looks at a few hundred pixels per side",
        megas(*.width as u64 * *.height as u64), MAX_PIXELS / 1_000_000
    )]
    TooManyPixels {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },

    /// The file ends before its last pixel.
    #[error(
        "the {format} file is damaged: it is cut short, some of its pixels are not in its {bytes} bytes. \
         Fetch it again, or choose another picture"
    )]
    Truncated {
        /// The format of the file.
        format: ImageFormat,
        /// Size of the file in bytes.
        bytes: usize,
    },

    /// The decoder could not decode the pixels.
    #[error(
        "the {format} file cannot be decoded ({reason}). Open it in another program and save it \
         again as JPEG or PNG"
    )]
    Undecodable {
        /// The format of the file.
        format: ImageFormat,
        /// The decoder's own error text.
        reason: String,
    },

    /// A pixel buffer does not have the length that its width and height require.
    #[error(
        "a {width}x{height} RGB picture needs {} bytes (3 per pixel), got {got}. \
         Pass width * height * 3 bytes, rows from the top",
        *.width as u64 * *.height as u64 * 3
    )]
    PixelCount {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
        /// Length of the buffer in bytes.
        got: usize,
    },

    /// A field of [`super::Preprocess`] has a value that no picture can be prepared with.
    #[error("preprocessing setting `{field}`: expected {expected}, got {got}. Correct the model's config")]
    Setting {
        /// The field of [`super::Preprocess`].
        field: &'static str,
        /// The values that are allowed.
        expected: String,
        /// The value that was given.
        got: String,
    },

    /// A strip does not fit below the rows that [`super::StripResizer`] already has.
    #[error(
        "a strip of {got} bytes does not fit: rows of {row_bytes} bytes (RGBA), {rows_left} rows left \
         in the picture. Push whole rows from the top, each once"
    )]
    StripSize {
        /// Length of the strip in bytes.
        got: usize,
        /// Bytes of one row: width * 4.
        row_bytes: usize,
        /// Rows of the picture that have not been pushed yet.
        rows_left: usize,
    },

    /// A row that the result depends on was skipped or was never pushed.
    #[error(
        "rows are missing: the crop needs rows {first} to {last} of the picture, and row {missing} \
         did not come. Push every row that `wanted_rows` names"
    )]
    MissingRows {
        /// First source row that is needed, from 0.
        first: usize,
        /// Last source row that is needed.
        last: usize,
        /// First needed row that is missing.
        missing: usize,
    },
}

/// Millions, with one decimal.
fn megas(count: u64) -> String {
    short((count as f64 / 1e5).round() / 10.0)
}
