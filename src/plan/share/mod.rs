//! A network shared among processor cores. A ResNeXt block *is* a split into branches and a sum: each core computes its share of
//! the groups, which are its rows of the first 1×1, its groups of the 3×3 and its columns of the last 1×1 (form B of the paper), and from
//! the block's input to the sums no core waits for another. Then each adds up its part of the channels, with the shortcut and ReLU, and all
//! get all parts. Stem, shortcut and classifier are shared by output channels. Where there is one group, the 3×3 is shared by output channels
//! too, and waits for the others twice.

mod cut;
mod making;
mod piece;
mod shares;

pub use cut::branches;
pub use shares::{Read, Shares};
