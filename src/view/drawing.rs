//! The geometry of the drawing of a network.
//!
//! A block is three bars. Their heights are the square roots of their channels, on one scale for the whole network; the middle
//! one is cut into its groups. Lengths are in CSS pixels, from the upper left corner.

use std::fmt::Write;

use crate::model::{Block, Graph};
use crate::plan::branches;

use super::layout::{BAR_GAP, BARS, BLOCK_GAP, ENDS, GROUND, LINE, STAGE_GAP, STRETCH, TALLEST, block_width};
use super::number::{px, resolution};
use super::stage::{FOLD_ABOVE, Stage};

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// A line of text, centred.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Its middle.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// What it says, in plain characters.
    pub text: String,
    /// Whether it is drawn in grey.
    pub quiet: bool,
}

/// A block, or several equal ones folded into one.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockShape {
    /// The first block it stands for, in [`Graph::blocks`].
    pub block: usize,
    /// Number of equal blocks that it stands for, this one included.
    pub repeats: usize,
    /// The area that reacts to the pointer.
    pub area: Bar,
    /// Its convolutions: 1×1, grouped 3×3, 1×1.
    pub bars: [Bar; 3],
    /// What each core computes of the first two, with the core's number from 1; nothing where one computes all.
    pub shares: Vec<(usize, Bar)>,
    /// The gaps between groups, as an SVG path to be stroked `cut_width` wide.
    pub cuts: String,
    /// Width of a cut.
    pub cut_width: f64,
    /// The shortcut, as an SVG path that ends at `add`.
    pub arc: String,
    /// The point at which the shortcut is added: x and y.
    pub add: (f64, f64),
    /// The bar that shows the block's share of the time.
    pub heat: Bar,
}

/// A network as shapes and texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Width of the whole.
    pub width: f64,
    /// Height of the whole, texts included.
    pub height: f64,
    /// The picture's channels.
    pub input: Bar,
    /// The first convolution's output channels.
    pub stem: Bar,
    /// The classes, or the features where there is no head.
    pub head: Bar,
    /// The area of the stem that reacts to the pointer.
    pub stem_area: Bar,
    /// The area of the head that reacts to the pointer.
    pub head_area: Bar,
    /// From left to right; some stand for several equal blocks.
    pub blocks: Vec<BlockShape>,
    /// Captions of input, stages and classes.
    pub texts: Vec<Text>,
}

/// Whether a stage of the network is long enough to be folded.
pub fn is_foldable(graph: &Graph) -> bool {
    graph.config.blocks.iter().any(|&blocks| blocks > FOLD_ABOVE)
}

impl Drawing {
    /// Draws `graph` in `width` pixels, or more where it needs them.
    pub fn new(graph: &Graph, folded: bool, width: f64) -> Self {
        let scale = Scale::of(graph);
        let mut stages = Stage::all(graph, folded);
        let stretch = stretch(&stages, width).unwrap_or_else(|| {
            stages.iter_mut().for_each(Stage::split_caption);
            stretch(&stages, width).unwrap_or(*STRETCH.start())
        });
        let mut drawing = Self::ends(graph, &scale);
        let captions = stages.iter().map(|stage| stage.caption.len()).max().unwrap_or(1);
        drawing.height = GROUND + 24.0 + LINE * (captions.max(2) - 1) as f64 + 6.0;
        let spare = width - 2.0 * ENDS - stages.iter().map(|stage| stage.width(stretch)).sum::<f64>();
        let gap = (spare / (stages.len() + 1) as f64).max(STAGE_GAP);
        let mut x = ENDS + gap;
        for stage in &stages {
            drawing.push_stage(graph, &scale, stage, x, stretch);
            x += stage.width(stretch) + gap;
        }
        drawing.place_head(graph, x, &scale);
        drawing
    }

    /// Shows which of so many cores computes which branches of `graph`: rows of a block's first bar, groups of its middle one.
    pub fn shared(mut self, graph: &Graph, cores: usize) -> Self {
        if cores == 1 {
            return self;
        }
        for shape in &mut self.blocks {
            let Block { width, groups, .. } = graph.blocks[shape.block];
            let [first, grouped, _] = shape.bars;
            for (core, channels) in branches(width, groups, cores).into_iter().enumerate() {
                let part = |of: Bar| {
                    let channel = of.height / width as f64;
                    let y = of.y + channel * channels.start as f64;
                    Bar { y, height: channel * channels.len() as f64, ..of }
                };
                shape.shares.extend([first, grouped].map(|bar| (core + 1, part(bar))));
            }
        }
        self
    }

    fn ends(graph: &Graph, scale: &Scale) -> Self {
        let config = &graph.config;
        let input = scale.bar(4.0, 10.0, config.in_channels);
        let stem = scale.bar(20.0, 16.0, config.stem_channels);
        let text = |y, text: String, quiet| Text { x: 24.0, y, text, quiet };
        let texts = vec![
            text(12.0, resolution(graph.input_shape()), true),
            text(GROUND + 24.0, format!("{}→{}", config.in_channels, config.stem_channels), false),
        ];
        let nothing = Bar { x: 0.0, y: 0.0, width: 0.0, height: 0.0 };
        Self {
            width: 0.0,
            height: 0.0,
            input,
            stem,
            head: nothing,
            stem_area: area(0.0, 46.0),
            head_area: nothing,
            blocks: Vec::new(),
            texts,
        }
    }

    fn place_head(&mut self, graph: &Graph, x: f64, scale: &Scale) {
        let classes = graph.config.num_classes;
        let (channels, noun) = match classes {
            // What the last block gives, averaged.
            0 => (graph.blocks.last().map_or(0, |block| block.out_channels), "features"),
            1 => (1, "score"),
            _ => (classes, "classes"),
        };
        self.head = scale.bar(x + 18.0, 12.0, channels);
        self.head_area = area(x + 2.0, 44.0);
        self.width = x + ENDS - 4.0;
        let text = |y, text: String, quiet| Text { x: x + 24.0, y, text, quiet };
        self.texts.push(text(GROUND + 24.0, channels.to_string(), false));
        self.texts.push(text(GROUND + 24.0 + LINE, noun.into(), true));
    }

    fn push_stage(&mut self, graph: &Graph, scale: &Scale, stage: &Stage, x: f64, stretch: f64) {
        let width = stage.width(stretch);
        let middle = x + width / 2.0;
        self.texts.push(Text { x: middle, y: 12.0, text: stage.label.clone(), quiet: true });
        for (line, text) in stage.caption.iter().cloned().enumerate() {
            let y = GROUND + 24.0 + LINE * line as f64;
            self.texts.push(Text { x: middle, y, text, quiet: line > 0 });
        }
        let mut left = middle - stage.blocks_width(stretch) / 2.0;
        for &(block, repeats) in &stage.shown {
            self.blocks.push(block_shape(&graph.blocks[block], (block, repeats), left, stretch, scale));
            left += block_width(stretch) + BLOCK_GAP;
        }
    }
}

/// Heights of bars: square roots of channels, the same for the whole network.
struct Scale(f64);

impl Scale {
    fn of(graph: &Graph) -> Self {
        let blocks = graph.blocks.iter().flat_map(|block| [block.in_channels, block.width, block.out_channels]);
        let widest = blocks.chain([graph.config.stem_channels, graph.config.num_classes]).max().unwrap_or(1);
        Self(TALLEST / (widest as f64).sqrt())
    }

    fn bar(&self, x: f64, width: f64, channels: usize) -> Bar {
        let height = (self.0 * (channels as f64).sqrt()).max(2.0);
        Bar { x, y: GROUND - height, width, height }
    }
}

/// The largest stretch of the bars at which everything fits `width`, if there is one.
fn stretch(stages: &[Stage], width: f64) -> Option<f64> {
    let needed = |stretch: f64| {
        let stages_width: f64 = stages.iter().map(|stage| stage.width(stretch)).sum();
        2.0 * ENDS + stages_width + (stages.len() + 1) as f64 * STAGE_GAP
    };
    let mut steps = (0..=24).rev().map(|step| STRETCH.start() + f64::from(step) * 0.1);
    steps.find(|&stretch| needed(stretch) <= width)
}

fn area(x: f64, width: f64) -> Bar {
    Bar { x, y: 20.0, width, height: GROUND - 6.0 }
}

fn block_shape(block: &Block, (index, repeats): (usize, usize), left: f64, stretch: f64, scale: &Scale) -> BlockShape {
    let channels = [block.width, block.width, block.out_channels];
    let mut x = left;
    let bars = std::array::from_fn(|i| {
        let bar = scale.bar(x, BARS[i] * stretch, channels[i]);
        x += (BARS[i] + BAR_GAP) * stretch;
        bar
    });
    let width = block_width(stretch);
    let (cuts, cut_width) = cuts(&bars[1], block.groups);
    let (arc, add) = arc(&bars, scale.bar(0.0, 0.0, block.in_channels).y);
    BlockShape {
        block: index,
        repeats,
        area: area(left - 4.0, width + 8.0),
        bars,
        shares: Vec::new(),
        cuts,
        cut_width,
        arc,
        add,
        heat: Bar { x: left, y: GROUND + 4.0, width, height: 4.0 },
    }
}

/// Horizontal lines that cut the grouped bar into its groups; never more gap than bar.
fn cuts(bar: &Bar, groups: usize) -> (String, f64) {
    let pitch = bar.height / groups as f64;
    let mut path = String::new();
    for cut in 1..groups {
        let y = bar.y + pitch * cut as f64;
        let _ = write!(path, "M{:.1} {y:.2}h{:.1}", bar.x, bar.width);
    }
    (path, (pitch * 0.4).min(1.2))
}

/// The shortcut: from the height of the block's input, over the bars, down to where it is added.
fn arc(bars: &[Bar; 3], input_y: f64) -> (String, (f64, f64)) {
    let (from, last) = (bars[0].x - 3.0, &bars[2]);
    let (to, end) = (last.x + last.width / 2.0, last.y - 3.0);
    let top = bars.iter().map(|bar| bar.y).fold(input_y, f64::min);
    let over = (top - 30.0).max(14.0);
    let [a, b, c, d, e] = [from, input_y, over, to, end].map(px);
    (format!("M{a} {b}C{a} {c} {d} {c} {d} {e}"), (to, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockForm, ResNextConfig};

    fn drawing(preset: &str, folded: bool, width: f64) -> (Graph, Drawing) {
        let config = ResNextConfig::preset(preset).unwrap();
        let side = config.stem.default_input_size();
        let graph = Graph::build(&config, 1, (side, side), BlockForm::C).unwrap();
        let drawing = Drawing::new(&graph, folded, width);
        (graph, drawing)
    }

    #[test]
    fn every_block_stands_inside_and_in_order() {
        for (preset, width) in [("resnext50_32x4d", 960.0), ("resnext29_8x64d", 960.0), ("resnext20_8x8d", 320.0)] {
            let (graph, drawing) = drawing(preset, true, width);
            assert_eq!(drawing.blocks.len(), graph.blocks.len(), "{preset}");
            let mut right = drawing.stem_area.x + drawing.stem_area.width;
            for block in &drawing.blocks {
                assert!(block.area.x >= right - 1e-9, "{preset} {}", block.block);
                right = block.area.x + block.area.width;
                assert!(block.bars.iter().all(|bar| bar.y > 20.0 && bar.height > 0.0));
            }
            assert!(right <= drawing.head_area.x && drawing.head_area.x + 44.0 <= drawing.width, "{preset}");
        }
    }

    #[test]
    fn it_fills_the_width_it_is_given_and_no_more() {
        let (_, drawing) = drawing("resnext50_32x4d", true, 960.0);
        assert!((drawing.width - 960.0).abs() < 10.0, "{}", drawing.width);
    }

    #[test]
    fn one_cut_fewer_than_groups() {
        for (preset, cuts) in [("resnext50_1x64d", 0), ("resnext50_8x14d", 7), ("resnext50_32x4d", 31)] {
            let (_, drawing) = drawing(preset, true, 960.0);
            for block in &drawing.blocks {
                assert_eq!(block.cuts.matches('M').count(), cuts);
                assert!(block.cut_width * (cuts as f64) < 0.5 * block.bars[1].height);
            }
        }
    }

    #[test]
    fn cores_have_whole_groups_and_all_of_them() {
        for (preset, cores) in [("resnext50_32x4d", 2), ("resnext50_32x4d", 3), ("resnext50_1x64d", 2)] {
            let (graph, drawing) = drawing(preset, true, 960.0);
            assert!(drawing.blocks.iter().all(|block| block.shares.is_empty()), "{preset}");
            for block in drawing.shared(&graph, cores).blocks {
                let [first, grouped, _] = block.bars;
                assert_eq!(block.shares.len(), 2 * cores, "{preset}");
                for (of, bar) in [(first, 0), (grouped, 1)] {
                    let shares: Vec<Bar> = block.shares.iter().skip(bar).step_by(2).map(|(_, bar)| *bar).collect();
                    let mut top = of.y;
                    let pitch = grouped.height / graph.blocks[block.block].groups as f64;
                    for share in shares {
                        assert_eq!((share.x, share.width), (of.x, of.width), "{preset}");
                        assert!((share.y - top).abs() < 1e-9, "{preset}: without a gap");
                        let groups = (share.y - of.y) / pitch;
                        assert!(
                            graph.blocks[block.block].groups == 1 || (groups - groups.round()).abs() < 1e-9,
                            "{preset}"
                        );
                        top += share.height;
                    }
                    assert!((top - of.y - of.height).abs() < 1e-9, "{preset}: from the top to the end");
                }
            }
        }
    }

    #[test]
    fn equal_blocks_fold_and_unfold() {
        let (graph, folded) = drawing("resnext101_32x8d", true, 960.0);
        let repeats: Vec<usize> = folded.blocks.iter().map(|block| block.repeats).collect();
        assert_eq!(repeats, [1, 1, 1, 1, 1, 1, 1, 1, 22, 1, 1, 1]);
        assert!(is_foldable(&graph) && folded.width < 970.0);
        let (graph, unfolded) = drawing("resnext101_32x8d", false, 960.0);
        assert_eq!(unfolded.blocks.len(), graph.blocks.len());
        assert!(unfolded.width > 960.0);
    }

    #[test]
    fn the_card_stands_under_its_stage() {
        let (_, wide) = drawing("resnext50_32x4d", true, 960.0);
        let texts: Vec<&str> = wide.texts.iter().map(|text| text.text.as_str()).collect();
        for text in ["3→64", "64→128→256, 32×4", "256→128→256, 32×4", "stage 3 · 14² · ×6", "1000"] {
            assert!(texts.contains(&text), "{text} in {texts:?}");
        }
    }
}
