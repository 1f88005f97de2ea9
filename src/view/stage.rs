//! The stages of the network as they are drawn: the blocks that are shown, and the captions.

use crate::model::Graph;

use super::layout::{BLOCK_GAP, block_width};
use super::number::resolution;

/// A stage with more blocks than this is folded: its equal blocks are drawn as one.
pub(super) const FOLD_ABOVE: usize = 8;

/// A stage as it is drawn.
pub(super) struct Stage {
    /// `stage 2 · 28² · ×4`
    pub label: String,
    /// Indices of blocks, each with the number of equal blocks that it stands for.
    pub shown: Vec<(usize, usize)>,
    /// The widths of its first block, then of the others where they differ.
    pub caption: Vec<String>,
}

impl Stage {
    pub(super) fn all(graph: &Graph, folded: bool) -> Vec<Self> {
        let mut start = 0;
        let mut stages = Vec::new();
        for (index, &count) in graph.config.blocks.iter().enumerate() {
            let shown = if folded && count > FOLD_ABOVE {
                vec![(start, 1), (start + 1, count - 1)]
            } else {
                (start..start + count).map(|block| (block, 1)).collect()
            };
            let first = graph.blocks[start].widths();
            let others = (count > 1).then(|| graph.blocks[start + 1].widths()).filter(|others| *others != first);
            let size = resolution(graph.blocks[start].output);
            let label = format!("stage {} · {size} · ×{count}", index + 1);
            let caption = std::iter::once(first).chain(others).collect();
            stages.push(Self { label, shown, caption });
            start += count;
        }
        stages
    }

    pub(super) fn blocks_width(&self, stretch: f64) -> f64 {
        let count = self.shown.len() as f64;
        count * block_width(stretch) + (count - 1.0) * BLOCK_GAP
    }

    pub(super) fn width(&self, stretch: f64) -> f64 {
        let texts = self.caption.iter().chain([&self.label]);
        texts.map(|text| text_width(text)).fold(self.blocks_width(stretch), f64::max)
    }

    /// Moves the groups to a line of their own, for narrow screens.
    pub(super) fn split_caption(&mut self) {
        let split =
            |line: &String| line.split_once(", ").map(|(channels, groups)| (channels.to_owned(), groups.to_owned()));
        let lines: Vec<_> = self.caption.iter().filter_map(split).collect();
        let groups = lines.first().map(|(_, groups)| groups.clone());
        self.caption = lines.into_iter().map(|(channels, _)| channels).chain(groups).collect();
    }
}

/// Width of a caption in the page's 11.5 px system font, on the generous side.
fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            '→' => 11.0,
            '×' => 8.5,
            ',' | ' ' | '.' | '·' => 3.8,
            _ => 7.0,
        })
        .sum()
}
