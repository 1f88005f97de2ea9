//! Decodes picture files natively; in a browser the browser does it.

use super::{
    error::ImageError,
    format::{ImageFormat, MAX_PIXELS},
    header,
    inspect::inspect,
    rgb::RgbImage,
};
use cardinal_resize::flatten;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, metadata::Orientation};
use std::io::Cursor;

/// The most memory that a decoder may take, in bytes: the largest picture in 16-bit RGBA and room
/// to work.
const MAX_DECODER_BYTES: u64 = MAX_PIXELS * 8 + 100_000_000;

/// Decodes a JPEG, PNG, WebP, GIF or BMP file as a person would see it on a white page.
///
/// EXIF orientation is obeyed. Grey becomes three equal channels, 16 bits are rounded to 8, palettes
/// are looked up, transparency is laid over white. CMYK becomes RGB without a colour profile, as
/// PIL does it. Of an animation the first picture counts. Colour profiles are ignored, as PIL and
/// torchvision ignore them.
///
/// # Errors
/// All of [`inspect`]'s, [`ImageError::Truncated`] and [`ImageError::Undecodable`].
pub fn decode(bytes: &[u8]) -> Result<RgbImage, ImageError> {
    let info = inspect(bytes)?;
    let format = info.format;
    let complete = match format {
        // The JPEG decoder would fill what is missing with grey and say nothing.
        ImageFormat::Jpeg => header::jpeg_is_complete(bytes),
        // The WebP decoder would call it corrupt, which helps nobody.
        ImageFormat::WebP => header::webp_is_complete(bytes),
        // The others notice for themselves.
        ImageFormat::Png | ImageFormat::Gif | ImageFormat::Bmp => true,
    };
    if !complete {
        return Err(ImageError::Truncated { format, bytes: bytes.len() });
    }
    let picture = decode_upright(bytes, format).map_err(|error| match error {
        image::ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            ImageError::Truncated { format, bytes: bytes.len() }
        }
        error => ImageError::Undecodable { format, reason: error.to_string() },
    })?;

    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = if picture.color().has_alpha() {
        let rgba = picture.into_rgba8().into_raw();
        rgba.as_chunks::<4>().0.iter().flat_map(|pixel| flatten(*pixel)).collect()
    } else {
        picture.into_rgb8().into_raw()
    };
    RgbImage::new(width, height, pixels)
}

fn decode_upright(bytes: &[u8], format: ImageFormat) -> image::ImageResult<DynamicImage> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), codec(format));
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    // A broken EXIF block is no reason to refuse the pixels.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn codec(format: ImageFormat) -> image::ImageFormat {
    match format {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::WebP => image::ImageFormat::WebP,
        ImageFormat::Gif => image::ImageFormat::Gif,
        ImageFormat::Bmp => image::ImageFormat::Bmp,
    }
}
