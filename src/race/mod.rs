//! A race at equal cost: two networks of one family and of different cardinality learn side by side. They begin with one seed, see
//! the same batches in the same order, and step in turns.
//!
//! ```text
//! Begin ──▶ Preparing ──▶ Running ◀──▶ Paused          Stop: Stopped, from any of the three
//!              ▲             │  ▲
//!       Resume, a lost       │  └─ GoOn ── Asking      what is left takes long
//!       device               ▼
//!                          Done
//! ```
//!
//! One task owns both networks and answers the commands between two steps; a newer race drops it at its next await. What it keeps is
//! enough to go on to the bit: weights, velocities, averages and the position in the pictures' order, beside the curves. Where a
//! device is lost, the CPU goes on from there, until the device is opened again and has the networks.
//!
//! Neither the browser nor a device is named here: a [`Host`] has them, and in the tests a stand-in.

mod course;
mod facts;
mod host;
mod kept;
mod own;
mod pace;
mod racer;
mod run;
mod state;

pub use host::{Entry, Host};
pub use own::SIDE;
pub use racer::Racer;
pub use state::Race;
