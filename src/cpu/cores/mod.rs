//! A network shared among processor cores, each of which is a thread with memory of its own: in a browser a worker, which needs neither
//! shared memory nor special headers. [`Shares`](crate::plan::Shares) says what each core does; a [`CoreHost`] starts cores and carries
//! values to them.

mod engine;
mod host;

pub use cardinal_core::{Action, Core, Program};
pub use engine::Engine;
pub use host::{CoreHost, Cores, Ran, Request, Shared, Sharing, Team};
