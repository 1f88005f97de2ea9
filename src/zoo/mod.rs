//! Which networks there are: those on offer with their weights, licences and accuracies, the host of the large ones, the
//! names of their classes, and the test pictures that come with the page.

pub mod bundled;
pub mod hub;
pub mod labels;
mod registry;
pub mod test_set;

pub use registry::{FILE_ID, Network, Place, URL_ID, Weights, at_depth, depths, offers, stops};
