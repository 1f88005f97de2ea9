//! The weights of a resize along one axis, as Pillow computes them.
//!
//! Pillow's resampling is a convolution with a filter that widens with the ratio when the picture
//! shrinks (antialiasing), in 22-bit fixed point. Every step below, the order of the f64
//! operations and the rounding included, can change a grey level.

use std::ops::Range;

/// The filter that computes a resized pixel from source pixels (`torchvision.transforms.InterpolationMode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Interpolation {
    /// A triangle filter, antialiased when shrinking: PIL's `BILINEAR`.
    #[default]
    Bilinear,
    /// A cubic filter (a = -0.5), antialiased when shrinking: PIL's `BICUBIC`.
    Bicubic,
}

impl Interpolation {
    /// `bilinear` or `bicubic`, as timm and torchvision write them.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bilinear => "bilinear",
            Self::Bicubic => "bicubic",
        }
    }
}

/// One axis of a picture's resize. All units are pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Size of the source picture along this axis.
    pub source: usize,
    /// Size after the resize. In u64, since a 1 x 50 000 000 picture resized to 256 exceeds 32 bits.
    pub resized: u64,
    /// The part of the resized picture that is wanted, never empty.
    pub visible: Range<u64>,
}

/// Fraction bits of a weight: 32, minus 8 for the pixel, minus 2 for sign and overshoot (Pillow's `PRECISION_BITS`).
///
/// Weights sum to 1 and a filter's negative lobes are small, so a sum of weights times pixels stays
/// below 2^31.
const PRECISION_BITS: u32 = 32 - 8 - 2;

/// Half of a grey level, which makes the final shift a rounding.
pub(crate) const HALF_LEVEL: i32 = 1 << (PRECISION_BITS - 1);

/// A fixed-point sum as a grey level, clipped to u8.
#[inline]
pub(crate) fn level(sum: i32) -> u8 {
    (sum >> PRECISION_BITS).clamp(0, 255) as u8
}

/// The source pixels and their weights for each visible output pixel of one axis (Pillow's `precompute_coeffs`).
#[derive(Debug)]
pub(crate) struct AxisFilter {
    /// The source pixels that any output pixel reads.
    pub needed: Range<usize>,
    outputs: Vec<Output>,
    weights: Vec<i32>,
}

#[derive(Debug)]
struct Output {
    /// First source pixel, counted from the start of `needed`.
    first: usize,
    /// The range of its weights in `AxisFilter::weights`.
    weights: Range<usize>,
}

impl AxisFilter {
    /// The filter of one axis, for its visible pixels.
    pub(crate) fn new(axis: &Axis, interpolation: Interpolation) -> Self {
        let scale = axis.source as f64 / axis.resized as f64;
        // Shrinking widens the filter; enlarging interpolates between neighbours.
        let filter_scale = scale.max(1.0);
        let support = interpolation.support() * filter_scale;

        let mut outputs = Vec::new();
        let mut weights = Vec::new();
        let mut exact = Vec::new();
        for position in axis.visible.clone() {
            let center = (position as f64 + 0.5) * scale;
            // `as` truncates towards zero and saturates at zero: Pillow's cast and its clip.
            let first = (center - support + 0.5) as usize;
            let end = ((center + support + 0.5) as usize).min(axis.source);

            exact.clear();
            exact.extend((first..end).map(|source| {
                let distance = (source as f64 - center + 0.5) * (1.0 / filter_scale);
                interpolation.weight(distance)
            }));
            let total: f64 = exact.iter().sum();

            let start = weights.len();
            weights.extend(exact.iter().map(|weight| fixed_point(weight / total)));
            outputs.push(Output { first, weights: start..weights.len() });
        }

        let origin = outputs.iter().map(|output| output.first).min().unwrap_or(0);
        let end = outputs.iter().map(|output| output.first + output.weights.len()).max();
        for output in &mut outputs {
            output.first -= origin;
        }
        Self { needed: origin..end.unwrap_or(origin), outputs, weights }
    }

    /// Number of output pixels.
    pub(crate) fn len(&self) -> usize {
        self.outputs.len()
    }

    /// For each output pixel, the index of its first source pixel, counted from the start of `needed`,
    /// and the weights of that pixel and the following ones.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (usize, &[i32])> {
        self.outputs.iter().map(|output| (output.first, &self.weights[output.weights.clone()]))
    }
}

/// Rounds half away from zero, as C does by adding a half before the cast.
fn fixed_point(weight: f64) -> i32 {
    let scaled = weight * f64::from(1 << PRECISION_BITS);
    (scaled + 0.5f64.copysign(scaled)) as i32
}

impl Interpolation {
    /// Distance in pixels beyond which the filter is zero, if the picture does not shrink.
    fn support(self) -> f64 {
        match self {
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
        }
    }

    /// The filter at `distance` pixels from its centre.
    fn weight(self, distance: f64) -> f64 {
        let d = distance.abs();
        match self {
            Self::Bilinear => (1.0 - d).max(0.0),
            // Keys' cubic with a = -1/2.
            Self::Bicubic if d < 1.0 => (1.5 * d - 2.5) * d * d + 1.0,
            Self::Bicubic if d < 2.0 => (((d - 5.0) * d + 8.0) * d - 4.0) * -0.5,
            Self::Bicubic => 0.0,
        }
    }
}
