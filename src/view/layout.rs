//! Lengths of the drawing in CSS pixels.

/// The line the bars stand on.
pub(super) const GROUND: f64 = 148.0;
/// Height of the widest layer's bar.
pub(super) const TALLEST: f64 = 104.0;
pub(super) const LINE: f64 = 14.0;
/// Bars and the gaps between them, before they are stretched to the width at hand.
pub(super) const BARS: [f64; 3] = [9.0, 12.0, 9.0];
pub(super) const BAR_GAP: f64 = 2.5;
pub(super) const BLOCK_GAP: f64 = 9.0;
pub(super) const STAGE_GAP: f64 = 20.0;
/// Input and first convolution; and the classifier at the far end.
pub(super) const ENDS: f64 = 54.0;
pub(super) const STRETCH: std::ops::RangeInclusive<f64> = 1.0..=3.4;

/// Width of a block whose bars are stretched.
pub(super) fn block_width(stretch: f64) -> f64 {
    stretch * (BARS.iter().sum::<f64>() + 2.0 * BAR_GAP)
}
