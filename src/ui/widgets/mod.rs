//! What several regions of the screen are made of.

mod file_input;
mod later;
mod radio_group;
mod warning_sign;

pub use file_input::FileInput;
pub use later::Later;
pub use radio_group::{RadioGroup, RadioOption};
pub use warning_sign::WarningSign;
