//! Numbers as shades of grey.

use crate::view::number::signed;

/// The range of values that one scale of greys covers: black is the least, white the largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The value that is black.
    pub low: f32,
    /// The value that is white.
    pub high: f32,
}

/// A cell of a table in the shade of its value, and whether its text is dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// 0 to 255.
    pub grey: u8,
    /// Whether black text on it has more contrast than white.
    pub dark_text: bool,
}

/// From this shade on black text has more contrast than white text; both have at least 4.5 there.
const LIGHT: u8 = 118;

impl Scale {
    /// From the least of the values, or 0 where that is less, to the largest.
    pub fn of(values: &[f32]) -> Self {
        let least = values.iter().copied().fold(0.0, f32::min);
        Self { low: least, high: values.iter().copied().fold(least, f32::max) }
    }

    /// The shade of a value.
    pub fn grey(self, value: f32) -> u8 {
        let span = self.high - self.low;
        // In an empty range everything is as dark as zero.
        if span > 0.0 { ((value - self.low) / span * 255.0).round() as u8 } else { 0 }
    }

    /// The shade of a value, with the colour of the text on it.
    pub fn cell(self, value: f32) -> Cell {
        let grey = self.grey(value);
        Cell { grey, dark_text: grey >= LIGHT }
    }

    /// A map as the pixels of a picture: RGBA.
    pub fn rgba(self, map: &[f32]) -> Vec<u8> {
        map.iter().flat_map(|&value| [self.grey(value); 3].into_iter().chain([255])).collect()
    }

    /// `0 to 2.31`
    pub fn words(self) -> String {
        let text = |value: f32| signed(f64::from(value));
        format!("{} to {}", text(self.low), text(self.high))
    }
}

/// A filter over colours or greys, `[in_channels, taps]`, as the pixels of a picture: RGBA. Zero is mid-grey, and the largest
/// magnitude of the filter is the brightest or the darkest shade.
pub fn filter_rgba(filter: &[f32], in_channels: usize) -> Vec<u8> {
    let peak = filter.iter().fold(f32::MIN_POSITIVE, |peak, weight| peak.max(weight.abs()));
    let taps = filter.len() / in_channels.max(1);
    let shade = |weight: f32| (127.5 + weight / peak * 127.5).round() as u8;
    let pixel = |tap: usize| {
        // A grey picture's one channel is all three colours.
        let colour = |channel: usize| shade(filter[channel.min(in_channels - 1) * taps + tap]);
        [colour(0), colour(1), colour(2), 255]
    };
    (0..taps).flat_map(pixel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_covers_all_values_and_zero() {
        let scale = Scale::of(&[0.5, 2.0, 1.0]);
        assert_eq!((scale.low, scale.high), (0.0, 2.0));
        assert_eq!([0.0, 0.5, 1.0, 2.0].map(|value| scale.grey(value)), [0, 64, 128, 255]);
        assert_eq!(scale.rgba(&[2.0, 0.0]), [255, 255, 255, 255, 0, 0, 0, 255]);
        assert_eq!(Scale::of(&[-1.5, 0.25]).words(), "−1.50 to 0.250");
        assert_eq!(Scale::of(&[0.0, 0.0]).rgba(&[0.0]), [0, 0, 0, 255]);
    }

    /// The contrast of WCAG 2, at both sides of the border.
    #[test]
    fn text_on_every_shade_can_be_read() {
        let luminance = |grey: u8| {
            let share = f64::from(grey) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        for grey in 0..=255u8 {
            let text = if grey >= LIGHT { 0.0 } else { 1.0 };
            let (a, b) = (luminance(grey) + 0.05, text + 0.05);
            let contrast = f64::max(a, b) / f64::min(a, b);
            assert!(contrast >= 4.5, "{grey}: {contrast}");
        }
    }

    #[test]
    fn zero_is_mid_grey_in_a_filter() {
        // Red, green and blue of two taps.
        let rgba = filter_rgba(&[0.0, 0.5, 0.0, -0.25, 0.0, -0.5], 3);
        assert_eq!(rgba, [128, 128, 128, 255, 255, 64, 0, 255]);
        assert_eq!(filter_rgba(&[0.2, -0.2], 1), [255, 255, 255, 255, 0, 0, 0, 255]);
    }
}
