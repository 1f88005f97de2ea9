//! Places on a map: which pixel is pointed at, where arrow keys lead, and frames around pixels.

use crate::view::number::significant;

/// Which of `count` pixels lies at `offset` along a picture that is `length` long.
pub fn pixel_at(offset: f64, length: f64, count: usize) -> usize {
    let at = (offset / length.max(1.0) * count as f64).max(0.0) as usize;
    at.min(count.saturating_sub(1))
}

/// Where a key leads from a pixel of a map of this height and width; `None` for a key that leads nowhere. Arrows stop at the border.
pub fn moved(key: &str, (y, x): (usize, usize), (h, w): (usize, usize)) -> Option<(usize, usize)> {
    Some(match key {
        "ArrowUp" => (y.saturating_sub(1), x),
        "ArrowDown" => ((y + 1).min(h.saturating_sub(1)), x),
        "ArrowLeft" => (y, x.saturating_sub(1)),
        "ArrowRight" => (y, (x + 1).min(w.saturating_sub(1))),
        "Home" => (y, 0),
        "End" => (y, w.saturating_sub(1)),
        _ => return None,
    })
}

/// A frame around a square of `side` pixels whose first pixel is at `corner`, over a map of this height and width, as CSS lengths:
/// left, top, width, height. It may reach beyond the map.
pub fn frame((top, left): (isize, isize), side: usize, (h, w): (usize, usize)) -> [String; 4] {
    let share = |part: f64, whole: usize| format!("{}%", significant(part / whole.max(1) as f64 * 100.0));
    [share(left as f64, w), share(top as f64, h), share(side as f64, w), share(side as f64, h)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_found_under_the_pointer() {
        assert_eq!([-3.0, 0.0, 6.9, 7.0, 223.9, 224.0].map(|at| pixel_at(at, 224.0, 32)), [0, 0, 0, 1, 31, 31]);
        assert_eq!(pixel_at(5.0, 0.0, 32), 31);
    }

    #[test]
    fn arrows_stop_at_the_border() {
        assert_eq!(moved("ArrowUp", (0, 3), (4, 5)), Some((0, 3)));
        assert_eq!(moved("ArrowDown", (3, 3), (4, 5)), Some((3, 3)));
        assert_eq!(moved("ArrowLeft", (1, 3), (4, 5)), Some((1, 2)));
        assert_eq!(moved("ArrowRight", (1, 4), (4, 5)), Some((1, 4)));
        assert_eq!(moved("End", (1, 0), (4, 5)), Some((1, 4)));
        assert_eq!(moved("Tab", (1, 0), (4, 5)), None);
    }

    #[test]
    fn a_frame_reaches_into_the_padding() {
        assert_eq!(frame((-1, 7), 3, (8, 8)), ["87.5%", "-12.5%", "37.5%", "37.5%"]);
    }
}
