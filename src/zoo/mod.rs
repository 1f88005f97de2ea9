//! The model zoo: the networks on offer with their weights, licences and accuracies, the host of the large ones, their
//! class names, and the pictures that come with the page.

pub mod bundled;
mod cardinality_options;
pub mod cifar10;
mod comparable;
pub mod hub;
pub mod labels;
mod listed;
mod network;
pub mod offline;
mod registry;
pub mod samples;

pub use crate::weights::{Container, Reading};
pub use bundled::cifar;
pub use cardinality_options::{CardinalityOptions, DialSettings};
pub use comparable::{Recipe, comparable_accuracy, paper_error};
pub use listed::Listed;
pub use network::{FILE_ID, HUB_FILE, Location, Network, TAUGHT_ID, URL_ID, WeightsFile};
pub use registry::{UNTRAINED_ID, at_depth, cardinality_options, depths, hosted, offers};
