//! Where the time goes: every dispatch of a run as a table that can be sorted and saved.

mod panel;
mod table;

pub(crate) use panel::Dispatches;
