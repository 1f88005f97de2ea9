//! The network as data: its configuration, its presets, and the graph of named layers built from them.

mod builder;
mod config;
mod family;
mod forms;
mod graph;
mod layer;
mod preset;
mod summary;

pub use config::{ConfigError, EXPANSION, ResNextConfig, Stem, WidthRule};
pub use family::{Law, PAPER_FAMILY, block_cost, equal_cost_family, equal_width_family, family_member};
pub use graph::{FEATURES, Graph, LOGITS, PROBABILITIES};
pub use layer::{Block, BlockForm, GraphError, Layer, Op, Slice, Tensor, TensorId};
pub use preset::{PRESETS, UnknownPreset};
