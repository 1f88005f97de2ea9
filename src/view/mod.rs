//! What the page shows, computed without a browser: numbers as text, geometry of the drawing and the chart, sentences, the
//! address.
//!
//! Nothing here uses the user interface's library, so all of it is tested natively.

pub mod arrival;
pub mod chart;
pub mod confusion;
pub mod diagnostics;
pub mod dispatches;
pub mod drawing;
mod drawing_svg;
pub mod file_kind;
pub mod forms;
pub mod group;
pub mod heat;
pub mod lab;
mod layout;
pub mod link;
pub mod live;
pub mod map;
pub mod network_part;
pub mod number;
pub mod offer;
pub mod race;
pub mod sample_rows;
mod stage;
pub mod stated;
pub mod teach;
pub mod typed;
pub mod walk;
pub mod wish;
pub mod words;
