//! Decodes picture files natively; on the page the browser decodes them.

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

/// The most memory that a decoder may allocate, in bytes: the largest picture in 16-bit RGBA, and
/// 100 MB of working memory.
const MAX_DECODER_BYTES: u64 = MAX_PIXELS * 8 + 100_000_000;

/// Decodes a JPEG, PNG, WebP, GIF or BMP file to what a white page would show.
///
/// EXIF orientation is applied. Grey becomes three equal channels, 16 bits are rounded to 8, palettes
/// are looked up, transparency is blended over white. CMYK becomes RGB without a colour profile, as
/// PIL does it. Only the first frame of an animation is decoded. Colour profiles are ignored, as PIL and
/// torchvision ignore them.
///
/// # Errors
/// All errors of [`inspect`], [`ImageError::Truncated`] and [`ImageError::Undecodable`].
pub fn decode(bytes: &[u8]) -> Result<RgbImage, ImageError> {
    let info = inspect(bytes)?;
    let format = info.format;
    let complete = match format {
        // The JPEG decoder would silently fill missing pixels with grey.
        ImageFormat::Jpeg => header::jpeg_is_complete(bytes),
        // The WebP decoder would call the file corrupt without saying that it is cut short.
        ImageFormat::WebP => header::webp_is_complete(bytes),
        // The other decoders report a truncated file themselves.
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
    // A broken EXIF block is ignored: the pixels can still be read.
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
