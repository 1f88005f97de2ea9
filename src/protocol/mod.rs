//! What the page and its worker say to each other. Commands go in, events come out, and both are plain data that can be
//! printed: as JSON they cross between the threads, with a file or a buffer beside them where one is needed.
//!
//! Nothing here has a version: both ends ship together.

mod choice;
mod command;
mod event;
mod result;
mod work;

pub use choice::{Adapter, Backend, Choice, GpuState, MissingGpu, Setting};
pub use command::{Command, Credit, Origin, PictureRequest, PictureSource, Start};
pub use event::{Event, Notice};
pub use result::{Answer, Evaluation, KernelTuning, Picture, Profile, Timed};
pub use work::{Load, LoadStatus, LoadStep, Work};

pub use crate::store::{CachedFile, DownloadProgress};
