//! Chromium and its tabs, driven by its own protocol for tools.
//!
//! Not through chromedriver: that hides what a page's workers ask for and say, and it can neither give a visit storage of its
//! own in a browser that runs already nor run code in a worker.

mod chromium;
mod devtools;
mod keys;
mod lanes;
mod seen;
mod tab;

pub use chromium::given;
pub use devtools::DevTools;
pub use keys::Key;
pub use lanes::take;
pub use tab::{Failed, Tab};
