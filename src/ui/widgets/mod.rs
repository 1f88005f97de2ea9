//! What several regions of the screen are made of.

mod file_input;
mod later;
mod radio_group;
mod warning_sign;

pub(crate) use file_input::FileInput;
pub(crate) use later::Later;
pub(crate) use radio_group::{RadioGroup, RadioOption};
pub(crate) use warning_sign::WarningSign;
