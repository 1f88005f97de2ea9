//! The list of networks: what each is, the size of its download, and ways to open one's own.

mod dialog;
mod own;
mod row;

pub(crate) use dialog::MenuDialog;
