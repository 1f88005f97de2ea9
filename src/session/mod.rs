//! What is wanted, what is there, and what to do next: commands go in, events come out. No document, no user interface; a
//! [`Host`] does what needs a browser or a device, so all of it runs natively with stand-ins.
//!
//! One rule holds on every track (the picture, the network on its way, the device, the pass over the choice): the newest
//! choice wins, what is under way for an older one stops where it waits, and the last good result stays. [`Latest`] is that rule.
//!
//! ```text
//! Choose ──▶ pass: model ▶ device ▶ classifier ▶ picture ▶ classify ▶ tune ▶ profile ▶ time ▶ compare ▶ evaluate
//! Picture ─▶ picture ───────────────────────────────┘
//! Load ────▶ load (becomes one of the networks) ─ ─ ┘ when the page chooses it
//! ```

mod command;
mod device;
mod evaluation;
mod files;
mod host;
mod latest;
mod load;
mod networks;
mod pass;
mod picture;
mod state;
mod tracks;

pub use host::{Decoded, Download, Engines, Files, Host, TestSheet};
pub use latest::Latest;
pub use state::Session;
