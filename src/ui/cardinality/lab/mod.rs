//! The cardinality laboratory: the laws of the dial, and any value on it. All of it is built
//! when it is opened.

mod dials;
mod section;

pub(crate) use section::Laboratory;
