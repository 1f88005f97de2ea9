//! What came out: five guesses, or why there are none.

mod device_note;
mod guesses;
mod section;
mod state;
mod trouble;

pub(crate) use section::AnswerSection;
