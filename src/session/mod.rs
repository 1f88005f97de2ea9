//! The state machine behind the page: commands go in, events come out, and it decides what to do next. It has no document and no
//! user interface; a [`Host`] does what needs a browser or a device, so that all of it runs natively with stand-ins.
//!
//! One rule holds on every track (the picture, the load of a network, the device, the pass over the choice): the newest choice
//! wins, the work for an older one is dropped at its next await, and the last good result stays. [`Latest`] is that rule.
//!
//! ```text
//! Choose ──▶ pass: model ▶ device ▶ classifier ▶ picture ▶ classify ▶ look ▶ tune ▶ profile ▶ time ▶ evaluate ▶ laboratory ▶ sweep
//! Teach ───▶ pass: model ▶ device ▶ classifier ▶ teach (adds a network to the list)
//! Picture ─▶ picture ───────────────────────────────┘
//! Frame ───▶ live: classify, on the network that the pass has brought to its device
//! Load ────▶ load (adds a network to the list) ─ ─ ─ ┘ when the page chooses it
//! ```
//!
//! Another page, which has the npm package, asks by requests (`request`, `question`). What those never need is behind the Cargo feature
//! `page`.

mod answers;
mod begin;
#[cfg(feature = "page")]
mod command;
#[cfg(feature = "page")]
mod cores;
#[cfg(feature = "page")]
mod describe;
mod device;
mod host;
mod latest;
#[cfg(feature = "page")]
mod live;
mod load;
mod networks;
mod open_device;
#[cfg(feature = "page")]
mod page;
mod pass;
#[cfg(feature = "page")]
mod picture;
#[cfg(feature = "package")]
mod question;
#[cfg(feature = "package")]
mod request;
mod state;
mod steady;
mod teach;
mod tracks;

pub use host::{Decoded, Download, Engines, Files, Host, TestSheet};
pub use latest::Latest;
pub use open_device::open_device;
#[cfg(feature = "page")]
pub(crate) use page::file_name;
#[cfg(feature = "page")]
pub use page::group_message;
pub use state::Session;
