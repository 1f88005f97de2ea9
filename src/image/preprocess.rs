//! Turns a picture into the tensor that a network reads: torchvision's evaluation transform.

use super::{error::ImageError, rgb::RgbImage, window::Window};
use crate::decimal::short;
use cardinal_resize::{Colour, Interpolation, Resampler};

/// The largest `resize` and `crop`, in pixels per side; a tensor of that size takes 50 MB.
pub const MAX_SIDE: usize = 2048;

/// torchvision's `Resize(resize)`, `CenterCrop(crop)`, `ToTensor()` and `Normalize(mean, std)`.
///
/// With one value in `mean` and `std` it begins with `Grayscale()`, which is PIL's `convert("L")`.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Preprocess {
    /// Length in pixels of the short side after the resize; the aspect ratio is kept.
    pub resize: usize,
    /// Side in pixels of the square that is cut from the middle; zeros pad a smaller picture.
    pub crop: usize,
    /// The filter of the resize.
    pub interpolation: Interpolation,
    /// Subtracted from pixels scaled to 0..=1; one value per input channel, 1 or 3.
    pub mean: Vec<f32>,
    /// The divisors after that; as many values as `mean`.
    pub std: Vec<f32>,
}

/// A picture prepared for a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The picture before normalisation, `[crop, crop, 3]`; grey for a network with one input channel.
    pub seen: RgbImage,
    /// The input tensor, `[channels, crop, crop]`, normalised.
    pub tensor: Vec<f32>,
}

impl Preprocess {
    /// ImageNet's transform: resize to 256, crop to 224, bilinear (torchvision's `IMAGENET1K_V1` presets).
    #[must_use]
    pub fn imagenet() -> Self {
        Self {
            resize: 256,
            crop: 224,
            interpolation: Interpolation::Bilinear,
            mean: vec![0.485, 0.456, 0.406],
            std: vec![0.229, 0.224, 0.225],
        }
    }

    /// CIFAR-10's transform: resize and crop to 32, with the training set's means and standard deviations per channel.
    #[must_use]
    pub fn cifar10() -> Self {
        Self {
            resize: 32,
            crop: 32,
            interpolation: Interpolation::Bilinear,
            mean: vec![0.4914, 0.4822, 0.4465],
            std: vec![0.2470, 0.2435, 0.2616],
        }
    }

    /// Number of input channels: 3, or 1 for grey.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.mean.len()
    }

    /// Checks that a picture can be prepared with these settings.
    ///
    /// # Errors
    /// [`ImageError::Setting`] names the field, the allowed values and its value.
    pub fn check(&self) -> Result<(), ImageError> {
        let refuse = |field, expected: &str, got: String| {
            Err(ImageError::Setting { field, expected: expected.to_string(), got })
        };
        for (field, side) in [("resize", self.resize), ("crop", self.crop)] {
            if !(1..=MAX_SIDE).contains(&side) {
                return refuse(field, &format!("1 to {MAX_SIDE} pixels"), side.to_string());
            }
        }
        if !matches!(self.mean.len(), 1 | 3) {
            return refuse("mean", "1 or 3 values", format!("{} values", self.mean.len()));
        }
        if self.std.len() != self.mean.len() {
            let expected = format!("{} values, as `mean` has", self.mean.len());
            return refuse("std", &expected, format!("{} values", self.std.len()));
        }
        if let Some(mean) = self.mean.iter().find(|mean| !mean.is_finite()) {
            return refuse("mean", "finite numbers", short((*mean).into()));
        }
        if let Some(std) = self.std.iter().find(|std| !(std.is_finite() && **std > 0.0)) {
            return refuse("std", "finite numbers above 0", short((*std).into()));
        }
        Ok(())
    }

    /// Prepares a whole picture.
    ///
    /// # Errors
    /// [`ImageError::Setting`] if [`Self::check`] refuses these settings.
    pub fn apply(&self, image: &RgbImage) -> Result<Prepared, ImageError> {
        self.check()?;
        let (columns, rows) = self.windows(image.width(), image.height());
        let mut resampler = self.resampler(&columns, &rows);
        let mut rgba = Vec::with_capacity(image.width());
        for y in resampler.needed_rows() {
            let (pixels, _) = image.row(y).as_chunks();
            let pixels = &pixels[resampler.needed_columns()];
            rgba.clear();
            rgba.extend(pixels.iter().map(|[red, green, blue]| [*red, *green, *blue, 255]));
            resampler.push_row(&rgba);
        }
        Ok(self.finish(&columns, &rows, resampler))
    }

    /// The windows of a picture's `(columns, rows)`.
    pub(super) fn windows(&self, width: usize, height: usize) -> (Window, Window) {
        Window::both(width, height, self.resize, self.crop)
    }

    /// The resize of a picture with these windows.
    pub(super) fn resampler(&self, columns: &Window, rows: &Window) -> Resampler {
        let colour = if self.channels() == 1 { Colour::Grey } else { Colour::Rgb };
        Resampler::new(&columns.axis, &rows.axis, self.interpolation, colour)
    }

    /// Runs the vertical pass, pads to the crop and normalises.
    pub(super) fn finish(&self, columns: &Window, rows: &Window, resampler: Resampler) -> Prepared {
        let channels = self.channels();
        let visible = resampler.finish();
        let row_len = columns.visible_len() * channels;
        let mut cropped = vec![0; self.crop * self.crop * channels];
        for (y, row) in visible.chunks_exact(row_len).enumerate() {
            let start = ((rows.padding + y) * self.crop + columns.padding) * channels;
            cropped[start..start + row_len].copy_from_slice(row);
        }

        let mut tensor = Vec::with_capacity(cropped.len());
        for channel in 0..channels {
            let (mean, std) = (self.mean[channel], self.std[channel]);
            // f32 throughout and in this order, as ToTensor and Normalize compute it.
            let normalise = |level: &u8| (f32::from(*level) / 255.0 - mean) / std;
            tensor.extend(cropped.iter().skip(channel).step_by(channels).map(normalise));
        }

        let pixels = match channels {
            1 => cropped.iter().flat_map(|level| [*level; 3]).collect(),
            _ => cropped,
        };
        let seen = RgbImage::new(self.crop, self.crop, pixels)
            .expect("the crop is at least 1 x 1 and was filled above, 3 bytes per pixel");
        Prepared { seen, tensor }
    }
}
