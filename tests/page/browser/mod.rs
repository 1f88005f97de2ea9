//! Chromium and its tabs, driven by the DevTools protocol.
//!
//! Not by chromedriver: it hides the requests and console messages of workers, and it can neither give a visit storage of its
//! own in a running browser nor run code in a worker.

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
