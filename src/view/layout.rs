//! Lengths of the drawing in CSS pixels.

/// Height of the line on which the bars stand, from the top.
pub(super) const GROUND: f64 = 148.0;
/// Height of the widest layer's bar.
pub(super) const TALLEST: f64 = 104.0;
/// Height of a line of text.
pub(super) const LINE: f64 = 14.0;
/// Widths of a block's bars before they are stretched to the available width.
pub(super) const BARS: [f64; 3] = [9.0, 12.0, 9.0];
pub(super) const BAR_GAP: f64 = 2.5;
pub(super) const BLOCK_GAP: f64 = 9.0;
pub(super) const STAGE_GAP: f64 = 20.0;
/// Width of each end: input and first convolution on the left, the classifier on the right.
pub(super) const ENDS: f64 = 54.0;
/// Factors by which bars and their gaps may be stretched.
pub(super) const STRETCH: std::ops::RangeInclusive<f64> = 1.0..=3.4;

/// Width of a block whose bars are stretched.
pub(super) fn block_width(stretch: f64) -> f64 {
    stretch * (BARS.iter().sum::<f64>() + 2.0 * BAR_GAP)
}
