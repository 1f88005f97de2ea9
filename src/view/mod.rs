//! What the page shows, worked out without a browser: numbers as text, the drawing's geometry, the chart's, the address.
//!
//! Nothing here names a user interface, so all of it is tested natively.

pub mod chart;
pub mod confusion;
pub mod drawing;
pub mod heat;
mod layout;
pub mod link;
pub mod network_part;
pub mod number;
pub mod offer;
mod stage;
pub mod wish;
pub mod words;
