//! The session with stand-ins for devices, files and the page: commands in any order, slow and failing operations, and the
//! events that must follow.

mod bench;
mod cores;
mod descriptions;
mod device;
mod fake;
mod laboratory;
mod live;
mod looks;
mod losses;
mod order;
mod questions;
mod requests;
mod room;
mod rules;
mod self_check;
mod sweep;
mod teach;
