//! One group of a grouped convolution at work: its maps as grey pictures, the arithmetic behind one number of an output map, and
//! the other groups, which are out of its reach.

mod equation;
mod grey;
mod place;
mod strip;
mod subject;
mod values;
mod words;

pub use equation::{Equation, Line};
pub use grey::{Cell, Scale, filter_rgba};
pub use place::{frame, moved, pixel_at};
pub use strip::Strip;
pub use subject::Subject;
pub use values::{GroupValues, Sum, Tap, Term};
pub use words::{channel_list, idea, input_name, line, pixel, spoken, tap};
