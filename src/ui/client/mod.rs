//! The page's end of the channel to its worker, and the only part of the page that knows of the worker: commands go out here,
//! events come in and are written into the state, and a worker that dies is replaced.

mod connection;
mod events;
mod files;
mod handle;
mod marks;
mod requests;
mod state;
mod storage;
mod supervisor;

pub(crate) use connection::files as worker_files;
pub(crate) use handle::Client;
