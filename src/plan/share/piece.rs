//! The part of a layer's weights that a core has.

use std::ops::Range;

use crate::plan::Folded;

/// A part of a layer's weights: rows are output channels, columns input channels of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
    /// Input channels of a group, in the whole weight.
    pub(super) of: usize,
    /// One core alone adds the bias to a sum.
    pub(super) has_bias: bool,
}

impl Piece {
    /// The part of `folded`.
    pub(super) fn of(&self, Folded { weight, bias }: &Folded) -> Folded {
        let row = weight.len() / bias.len();
        let column = row / self.of;
        let columns = self.columns.start * column..self.columns.end * column;
        let rows = weight[self.rows.start * row..self.rows.end * row].chunks_exact(row);
        let bias = if self.has_bias { bias[self.rows.clone()].to_vec() } else { vec![0.0; self.rows.len()] };
        Folded { weight: rows.flat_map(|row| &row[columns.clone()]).copied().collect(), bias }
    }
}
