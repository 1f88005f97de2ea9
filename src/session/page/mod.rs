//! What only this repository's page asks of a session, up to its steps in a pass (`pass/page`).

mod evaluation;
mod files;
mod group;
mod laboratory;
mod load;
mod save;
mod tuning;

pub use group::group_message;
pub(crate) use save::file_name;
