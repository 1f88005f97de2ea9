//! The position of the crop: torchvision's size rules for one axis.

use cardinal_resize::Axis;

/// One axis of a picture's resize and centre crop. All units are pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// The resize, limited to the part inside the crop.
    pub axis: Axis,
    /// Zeros before the visible part, where the resized picture is smaller than the crop.
    pub padding: usize,
}

impl Window {
    /// The windows of both axes, `(columns, rows)`, of a `width` x `height` picture.
    ///
    /// Sizes are at least 1.
    pub(super) fn both(width: usize, height: usize, resize: usize, crop: usize) -> (Self, Self) {
        let short = width.min(height);
        let axis = |source: usize| {
            // torchvision.transforms.functional.resize: int(size * long / short). The same formula gives
            // `resize` for the short side, since short / short is 1.
            let resized = resize as u64 * source as u64 / short as u64;
            Self::new(source, resized, crop)
        };
        (axis(width), axis(height))
    }

    /// `torchvision.transforms.functional.center_crop`, along one axis.
    fn new(source: usize, resized: u64, crop: usize) -> Self {
        if let Some(spare) = resized.checked_sub(crop as u64) {
            // int(round(spare / 2)): Python rounds a half to the even neighbour.
            let half = spare / 2;
            let start = half + (spare & half & 1);
            return Self { axis: Axis { source, resized, visible: start..start + crop as u64 }, padding: 0 };
        }
        // The cast keeps the value: resized is smaller than crop here.
        let padding = (crop - resized as usize) / 2;
        Self { axis: Axis { source, resized, visible: 0..resized }, padding }
    }

    /// Number of resized pixels that the crop shows, from 1 to the crop size.
    pub(super) fn visible_len(&self) -> usize {
        // The cast keeps the value: it is at most the crop size, a usize.
        (self.axis.visible.end - self.axis.visible.start) as usize
    }
}
