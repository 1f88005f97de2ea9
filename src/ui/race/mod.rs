//! Two networks of equal cost and of different cardinality, trained side by side on the visitor's machine. All of it is built, and the
//! worker that trains is started, when it is opened.

mod charts;
mod controls;
mod guesses;
mod networks;
mod section;
mod setup;

pub(crate) use section::RaceSection;
