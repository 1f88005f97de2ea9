//! Inside a block: the maps of one group of its 3×3 convolution, and the arithmetic behind each of their numbers. Inside the stem:
//! its filters.

mod arithmetic;
mod map;
mod outputs;
mod panel;
mod state;
mod stepper;
mod tiles;

pub(crate) use panel::InsidePanel;
