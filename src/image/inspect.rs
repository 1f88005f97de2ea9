//! Recognises a picture file by its first bytes, and refuses it before anything is decoded.

use super::format::{ImageFormat, MAX_FILE_BYTES, MAX_PIXELS};
use super::{error::ImageError, header, kinds};

/// The format and size of a picture, from the first bytes of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageInfo {
    /// The format that the first bytes mark.
    pub format: ImageFormat,
    /// Width in pixels as stored: EXIF orientation can still swap it with the height.
    pub width: usize,
    /// Height in pixels as stored.
    pub height: usize,
}

/// Reads format and size of a picture file from its first bytes.
///
/// It must run before decoding: a small file can claim a picture that would fill the memory.
///
/// # Errors
/// [`ImageError::Empty`], [`ImageError::FileTooLarge`], [`ImageError::NotAPicture`], [`ImageError::Text`],
/// [`ImageError::OtherKind`], [`ImageError::UnsupportedFormat`], [`ImageError::BrokenHeader`], [`ImageError::ZeroSize`] or
/// [`ImageError::TooManyPixels`].
pub fn inspect(bytes: &[u8]) -> Result<ImageInfo, ImageError> {
    if bytes.is_empty() {
        return Err(ImageError::Empty);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ImageError::FileTooLarge { bytes: bytes.len() });
    }
    let format = format_of(bytes)?;
    let size = match format {
        ImageFormat::Jpeg => header::jpeg(bytes),
        ImageFormat::Png => header::png(bytes),
        ImageFormat::WebP => header::webp(bytes),
        ImageFormat::Gif => header::gif(bytes),
        ImageFormat::Bmp => header::bmp(bytes),
    };
    let Some((width, height)) = size else {
        return Err(ImageError::BrokenHeader { format, bytes: bytes.len() });
    };
    let info = ImageInfo { format, width: width as usize, height: height as usize };
    check_size(info.width, info.height)?;
    Ok(info)
}

/// Refuses sizes of zero and of more than [`MAX_PIXELS`].
pub(super) fn check_size(width: usize, height: usize) -> Result<(), ImageError> {
    if width == 0 || height == 0 {
        return Err(ImageError::ZeroSize { width, height });
    }
    if width as u64 * height as u64 > MAX_PIXELS {
        return Err(ImageError::TooManyPixels { width, height });
    }
    Ok(())
}

fn format_of(bytes: &[u8]) -> Result<ImageFormat, ImageError> {
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(ImageFormat::WebP);
    }
    let readable: [(&[u8], ImageFormat); 5] = [
        (b"\xFF\xD8\xFF", ImageFormat::Jpeg),
        (b"\x89PNG\r\n\x1A\n", ImageFormat::Png),
        (b"GIF87a", ImageFormat::Gif),
        (b"GIF89a", ImageFormat::Gif),
        (b"BM", ImageFormat::Bmp),
    ];
    if let Some((_, format)) = readable.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Ok(*format);
    }
    Err(kinds::refusal(bytes))
}
