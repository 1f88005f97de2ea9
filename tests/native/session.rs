//! The session with stand-ins for devices, files and the page: commands in any order, everything slow or failing, and the
//! events that must follow.

mod bench;
mod fake;
mod order;
mod rules;
