//! A block in one of its forms as the paper draws it (Xie et al. 2017, Fig. 3): boxes with the block's numbers, lines between them.
//! Lengths are in CSS pixels.

use crate::model::{Block, BlockForm};
use crate::view::drawing::{Bar, Text};

/// Width of a figure: it fits a window of 320.
pub const WIDTH: f64 = 278.0;
/// Height of a figure.
pub const HEIGHT: f64 = 226.0;

/// What the boxes span; right of them the shortcut passes.
const SPAN: f64 = 268.0;
const MIDDLE: f64 = SPAN / 2.0;
const BOX: f64 = 24.0;
/// The upper edges of the three rows of boxes.
const ROWS: [f64; 3] = [40.0, 86.0, 132.0];
const GAP: f64 = 4.0;
/// Where the branches are summed, and where the shortcut is added.
const SUM: f64 = 174.0;
const ADD: f64 = 194.0;
/// As many branches are drawn at most.
const DRAWN: usize = 3;

/// A convolution.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvBox {
    /// Its outline.
    pub bar: Bar,
    /// As the paper writes it: `256, 1×1, 4`.
    pub text: Text,
    /// Whether it is the grouped one of form C.
    pub grouped: bool,
}

/// A form of a block as shapes and texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The convolutions, row by row.
    pub boxes: Vec<ConvBox>,
    /// What leads from one to the next, and the shortcut, as an SVG path.
    pub lines: String,
    /// Between the branches, as an SVG path.
    pub cuts: String,
    /// The points at which outputs are added: x and y.
    pub adds: Vec<(f64, f64)>,
    /// What goes in and out, and how many branches there are where not all are drawn.
    pub texts: Vec<Text>,
}

impl Figure {
    /// Draws `block` in `form`.
    pub fn new(block: &Block, form: BlockForm) -> Self {
        let &Block { in_channels, width, out_channels, groups, .. } = block;
        let label = |x: f64, y: f64, text: String| Text { x, y, text, quiet: true };
        let mut figure = Self {
            boxes: Vec::new(),
            lines: format!("M{MIDDLE} 27H{0}V{ADD}H{MIDDLE}M{MIDDLE} {ADD}V208M{MIDDLE} 18V27", WIDTH - 3.0),
            cuts: String::new(),
            adds: vec![(MIDDLE, ADD)],
            texts: vec![
                label(MIDDLE, 14.0, format!("{in_channels} channels in")),
                label(MIDDLE, 222.0, format!("{out_channels} channels out")),
            ],
        };
        let each = width / groups.max(1);
        let last = format!("{width}, 1×1, {out_channels}");
        match form {
            BlockForm::A => {
                let rows = [
                    format!("{in_channels}, 1×1, {each}"),
                    format!("{each}, 3×3, {each}"),
                    format!("{each}, 1×1, {out_channels}"),
                ];
                figure.branches(groups, &rows);
                figure.adds.push((MIDDLE, SUM));
                figure.lines.push_str(&format!("M{MIDDLE} {SUM}V{ADD}"));
            }
            BlockForm::B => {
                figure.branches(groups, &[format!("{in_channels}, 1×1, {each}"), format!("{each}, 3×3, {each}")]);
                // A single branch has nothing beside it.
                let joined = if groups == 1 { last } else { format!("concatenate: {last}") };
                figure.whole(2, joined, false);
            }
            BlockForm::C => {
                figure.line((MIDDLE, 27.0), (MIDDLE, ROWS[0]));
                figure.whole(0, format!("{in_channels}, 1×1, {width}"), false);
                let plural = if groups == 1 { "" } else { "s" };
                figure.whole(1, format!("{width}, 3×3, {width}, {groups} group{plural}"), true);
                figure.whole(2, last, false);
            }
        }
        figure
    }

    /// Branches side by side from the input down; after three rows they meet in the sum.
    fn branches(&mut self, groups: usize, rows: &[String]) {
        let drawn = groups.clamp(1, DRAWN);
        let width = (SPAN - GAP * (drawn - 1) as f64) / drawn as f64;
        for (row, text) in rows.iter().enumerate() {
            for branch in 0..drawn {
                let x = (width + GAP) * branch as f64;
                let middle = x + width / 2.0;
                self.conv(Bar { x, y: ROWS[row], width, height: BOX }, text.clone(), false);
                if row == 0 {
                    self.line((MIDDLE, 27.0), (middle, ROWS[0]));
                }
                let below = ROWS.get(row + 1).map_or((MIDDLE, SUM), |&below| (middle, below));
                self.line((middle, ROWS[row] + BOX), below);
                if branch > 0 {
                    self.cuts.push_str(&format!("M{} {}v{BOX}", x - GAP / 2.0, ROWS[row]));
                }
            }
        }
        if groups > DRAWN {
            // Between the lines of the last two.
            let x = (width + GAP) * 2.0 - GAP / 2.0;
            self.texts.push(Text { x, y: ROWS[0] + BOX + 15.0, text: format!("… {groups} paths"), quiet: false });
        }
    }

    /// A convolution of all channels, with the line that leaves it.
    fn whole(&mut self, row: usize, text: String, grouped: bool) {
        self.conv(Bar { x: 0.0, y: ROWS[row], width: SPAN, height: BOX }, text, grouped);
        self.line((MIDDLE, ROWS[row] + BOX), (MIDDLE, ROWS.get(row + 1).copied().unwrap_or(ADD)));
    }

    fn conv(&mut self, bar: Bar, text: String, grouped: bool) {
        let text = Text { x: bar.x + bar.width / 2.0, y: bar.y + 16.0, text, quiet: false };
        self.boxes.push(ConvBox { bar, text, grouped });
    }

    fn line(&mut self, (x, y): (f64, f64), to: (f64, f64)) {
        self.lines.push_str(&format!("M{x} {y}L{} {}", to.0, to.1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Graph, ResNextConfig};

    fn figures(preset: &str) -> [Figure; 3] {
        let config = ResNextConfig::preset(preset).unwrap();
        let graph = Graph::build(&config, 1, (224, 224), BlockForm::C).unwrap();
        let block = graph.blocks.iter().find(|block| block.name == "layer1.1").unwrap();
        BlockForm::ALL.map(|form| Figure::new(block, form))
    }

    fn labels(figure: &Figure) -> Vec<&str> {
        figure.boxes.iter().map(|conv| conv.text.text.as_str()).collect()
    }

    #[test]
    fn the_boxes_are_those_of_the_papers_figure() {
        let [a, b, c] = figures("resnext50_32x4d");
        assert_eq!(
            labels(&a),
            [["256, 1×1, 4"; 3], ["4, 3×3, 4"; 3], ["4, 1×1, 256"; 3]].concat(),
            "32 branches, of which three are drawn"
        );
        assert_eq!(labels(&b), [&["256, 1×1, 4"; 3][..], &["4, 3×3, 4"; 3], &["concatenate: 128, 1×1, 256"]].concat());
        assert_eq!(labels(&c), ["256, 1×1, 128", "128, 3×3, 128, 32 groups", "128, 1×1, 256"]);
        let paths = |figure: &Figure| figure.texts.iter().any(|text| text.text == "… 32 paths");
        assert_eq!([&a, &b, &c].map(paths), [true, true, false]);
        assert_eq!([&a, &b, &c].map(|figure| figure.adds.len()), [2, 1, 1], "only form A sums branches");
        let red = |figure: &Figure| figure.boxes.iter().filter(|conv| conv.grouped).count();
        assert_eq!([&a, &b, &c].map(red), [0, 0, 1]);
        for conv in [a, b, c].iter().flat_map(|figure| &figure.boxes) {
            let Bar { x, y, width, height } = conv.bar;
            assert!(x >= 0.0 && x + width < WIDTH && y >= 0.0 && y + height < HEIGHT, "{conv:?}");
            // A character of 12 px is at most 7 wide, and half of them are narrow.
            assert!(conv.text.text.chars().count() as f64 * 6.2 <= width, "{conv:?}");
        }
    }

    #[test]
    fn one_group_is_one_branch() {
        let [a, _, c] = figures("resnext50_1x64d");
        assert_eq!(labels(&a), ["256, 1×1, 64", "64, 3×3, 64", "64, 1×1, 256"]);
        assert_eq!((a.cuts.as_str(), a.texts.len()), ("", 2));
        assert_eq!(labels(&c)[1], "64, 3×3, 64, 1 group");
    }
}
