//! The filters of a first convolution as tiles of colour.

/// Pixels between two tiles.
pub const TILE_GAP: usize = 1;
/// Tiles per row.
const PER_ROW: usize = 8;

/// Tiles of `count` filters over three channels, RGBA row by row, and the width of the whole. `weights` is `[count, 3, side, side]`.
/// Zero is grey; the largest weight of a filter is as bright, or as dark, as a colour can be.
pub fn tiles(weights: &[f32], count: usize, side: usize) -> (Vec<u8>, usize) {
    let columns = PER_ROW.min(count.max(1));
    let pitch = side + TILE_GAP;
    let width = columns * pitch - TILE_GAP;
    let height = (count.div_ceil(columns) * pitch).saturating_sub(TILE_GAP);
    let mut rgba = vec![0; width * height * 4];
    let plane = side * side;
    for (place, filter) in weights.chunks_exact((3 * plane).max(1)).take(count).enumerate() {
        let peak = filter.iter().fold(1e-6_f32, |peak, weight| peak.max(weight.abs()));
        let (left, top) = (place % columns * pitch, place / columns * pitch);
        for pixel in 0..plane {
            let at = ((top + pixel / side) * width + left + pixel % side) * 4;
            for channel in 0..3 {
                rgba[at + channel] = (127.5 + 127.5 * filter[channel * plane + pixel] / peak).round() as u8;
            }
            rgba[at + 3] = 255;
        }
    }
    (rgba, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_tile_of_its_weights() {
        // Nine filters of one pixel: the last has a row of its own.
        let mut weights = vec![0.0; 9 * 3];
        weights[24..].copy_from_slice(&[2.0, 0.0, -2.0]);
        let (rgba, width) = tiles(&weights, 9, 1);
        assert_eq!((width, rgba.len()), (15, 15 * 3 * 4));
        let pixel = |x: usize, y: usize| &rgba[(y * width + x) * 4..][..4];
        assert_eq!(pixel(0, 0), [128, 128, 128, 255]);
        assert_eq!(pixel(1, 0), [0; 4], "a gap is transparent");
        assert_eq!(pixel(0, 2), [255, 128, 0, 255]);
    }
}
