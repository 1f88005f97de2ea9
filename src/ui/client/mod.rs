//! The page's connection to its worker, and the only part of the page that knows of the worker: commands are sent from here,
//! events are received and written into the state, and a worker that dies is replaced.

mod arrivals;
mod connection;
mod events;
mod handle;
mod lab_results;
mod live;
mod marks;
mod race;
mod requests;
mod save_file;
mod state;
mod supervisor;
mod svg;
mod teach;
mod teach_kept;
mod tunings;

pub(crate) use connection::{ANSWERS, READS_TORCH, SHARES, files as worker_files};
pub(crate) use handle::Client;
pub(crate) use race::Racing;
pub(crate) use save_file::{save_drawing, save_text};
