//! A decoded picture.

use super::error::ImageError;

/// A picture of `[height, width, 3]` u8: rows from the top, pixels from the left, red, green, blue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RgbImage {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl RgbImage {
    /// Takes `pixels` as a picture of `width` x `height` pixels.
    ///
    /// # Errors
    /// [`ImageError::ZeroSize`] if a side is zero, [`ImageError::PixelCount`] if `pixels` is not
    /// `height * width * 3` bytes long.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, ImageError> {
        if width == 0 || height == 0 {
            return Err(ImageError::ZeroSize { width, height });
        }
        let expected = width.checked_mul(height).and_then(|count| count.checked_mul(3));
        if expected != Some(pixels.len()) {
            let got = pixels.len();
            return Err(ImageError::PixelCount { width, height, got });
        }
        Ok(Self { width, height, pixels })
    }

    /// The picture of `[height, width, 4]` without its alpha.
    ///
    /// # Errors
    /// As [`RgbImage::new`].
    pub fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> Result<Self, ImageError> {
        Self::new(width, height, rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The bytes, `[height, width, 3]`.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Row `y` from the top, `[width, 3]`.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width * 3..(y + 1) * self.width * 3]
    }

    /// The same pixels as `[height, width, 4]` with an alpha of 255, as `ImageData` takes them.
    #[must_use]
    pub fn to_rgba(&self) -> Vec<u8> {
        let mut rgba = Vec::with_capacity(self.width * self.height * 4);
        for pixel in self.pixels.chunks_exact(3) {
            rgba.extend_from_slice(&[pixel[0], pixel[1], pixel[2], 255]);
        }
        rgba
    }
}
