//! The answer: the five likeliest classes, or the reason why there are none.

mod device_note;
mod guesses;
mod larger;
mod section;
mod state;
mod trouble;

pub(crate) use section::AnswerSection;
