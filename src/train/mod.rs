//! How a network is trained on a set of pictures, as `train/train.py` does it: the recipe, the order of the pictures, their crops and
//! flips, and the average that is saved. Pure data, no device, no file; `classifier::TrainingRun` executes it.
//!
//! ```text
//! Pictures, Recipe ─▶ Batches: the input and the labels of every step ─▶ a trainer ─▶ Average
//! ```

mod average;
mod batches;
pub mod cifar10;
mod error;
mod network;
mod pictures;
mod random;
mod recipe;
mod small;

pub use average::Average;
pub use batches::Batches;
pub use error::TrainError;
pub use network::{Network, UntrainedBlocks};
pub use pictures::{KEPT, Normalise, Pictures, Set};
pub use recipe::Recipe;
pub use small::{SMALL_CARDINALITIES, small};
