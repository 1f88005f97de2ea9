//! The formats that are read, and the limits on their size.

use std::fmt;

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 50_000_000;

/// The largest picture that is read, in pixels: decoded as RGBA it takes 200 MB.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossy or lossless.
    WebP,
    /// GIF; only its first frame is decoded.
    Gif,
    /// BMP, with the header of Windows or of OS/2.
    Bmp,
}

impl fmt::Display for ImageFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
        })
    }
}
