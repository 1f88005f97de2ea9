//! The walk through the page: a bar at the foot of the window with a step's words, and the mark at its place.

mod bar;
mod mark;

pub(crate) use bar::WalkBar;
