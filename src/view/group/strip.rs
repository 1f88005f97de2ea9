//! All groups of a convolution in one drawing: input channels above, output channels below, and between them what each group's
//! weights join.

use std::fmt::Write;
use std::ops::Range;

/// Widths in units of the drawing's `viewBox`.
const WIDTH: f64 = 960.0;
/// The space between two groups, as a share of a group's room, and at most.
const GAP: (f64, f64) = (0.18, 14.0);
/// Tops and bottoms of the two rows of boxes.
const ROWS: [(f64, f64); 2] = [(0.0, 14.0), (34.0, 48.0)];

/// The drawing's paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// Boxes of the group that is shown.
    pub own: String,
    /// What joins them.
    pub link: String,
    /// Boxes of all others.
    pub others: String,
    /// `0 0 960 48`
    pub view_box: String,
}

impl Strip {
    /// The drawing of `groups` groups, of which `group` is shown.
    pub fn new(groups: usize, group: usize) -> Self {
        let view_box = format!("0 0 {WIDTH:.0} {:.0}", ROWS[1].1);
        let boxes = |groups_of: Range<usize>| path(groups, groups_of, &ROWS);
        Self {
            own: boxes(group..group + 1),
            link: path(groups, group..group + 1, &[(ROWS[0].1, ROWS[1].0)]),
            others: boxes(0..group) + &boxes(group + 1..groups),
            view_box,
        }
    }
}

/// A box per group of `range` in each of the rows, which are tops and bottoms.
fn path(groups: usize, range: Range<usize>, rows: &[(f64, f64)]) -> String {
    let groups = groups.max(1) as f64;
    let gap = GAP.1.min(GAP.0 * WIDTH / groups);
    let room = (WIDTH + gap) / groups;
    let mut path = String::new();
    for group in range {
        let (left, right) = (group as f64 * room, (group as f64 + 1.0) * room - gap);
        for (top, bottom) in rows {
            // A text never fails to be written.
            let _ = write!(path, "M{left:.1} {top}H{right:.1}V{bottom}H{left:.1}Z");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_drawn_once_and_only_one_is_joined() {
        for (groups, group) in [(1, 0), (32, 0), (32, 2), (32, 31)] {
            let strip = Strip::new(groups, group);
            assert_eq!((strip.own.matches('M').count(), strip.link.matches('M').count()), (2, 1));
            assert_eq!(strip.others.matches('M').count(), 2 * (groups - 1));
        }
        let strip = Strip::new(4, 1);
        assert!(strip.own.starts_with("M243.5 0H473.0V14H243.5Z"), "{}", strip.own);
        assert!(!strip.others.contains("243.5"));
    }
}
