//! A network shared among processor cores, each of which is a thread with memory of its own: in a browser a worker, which needs neither
//! shared memory nor special headers, natively a thread. [`Shares`](crate::plan::Shares) says what each core does; a
//! [`CoreHost`] starts cores and carries values to them.

mod engine;
mod host;
mod shared;
#[cfg(not(target_arch = "wasm32"))]
mod threads;

pub use cardinal_core::{Action, Core, Program};
pub use engine::{Cores, Engine};
pub use host::{CoreHost, Ran, Request, Team};
pub use shared::{Shared, Sharing};
#[cfg(not(target_arch = "wasm32"))]
pub use threads::Threads;
