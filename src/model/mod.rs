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
pub use family::{PAPER_FAMILY, equal_cost_family};
pub use graph::{FEATURES, Graph, LOGITS, PROBABILITIES};
pub use layer::{Block, BlockForm, GraphError, Layer, Op, Slice, Tensor, TensorId};
pub use preset::{PRESETS, UnknownPreset};
