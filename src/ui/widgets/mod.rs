//! Components that several regions of the screen use.

mod copy_text;
mod disclosure;
mod file_input;
mod later;
mod one_tab_stop;
mod pixels;
mod radio_group;
mod table_head;
mod term;
mod warning_sign;
mod width;

pub(crate) use copy_text::CopyText;
pub(crate) use disclosure::Disclosure;
pub(crate) use file_input::FileInput;
pub(crate) use later::Later;
pub(crate) use one_tab_stop::OneTabStop;
pub(crate) use pixels::draw_pixels;
pub(crate) use radio_group::{RadioGroup, RadioOption};
pub(crate) use table_head::TableHead;
pub(crate) use term::Term;
pub(crate) use warning_sign::WarningSign;
pub(crate) use width::width_of;
