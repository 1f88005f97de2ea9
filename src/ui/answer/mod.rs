//! What came out: five guesses, or why there are none.

mod guesses;
mod place;
mod section;
mod state;
mod trouble;

pub(crate) use section::AnswerSection;
