//! The list of networks: what each is, what it costs to fetch, and ways to bring one's own.

mod dialog;
mod own;
mod row;

pub(crate) use dialog::MenuDialog;
