//! The cardinality laboratory: the laws of the dial, any value on it, and measurements over all of its stops. All of it is built
//! when it is opened.

mod dials;
mod section;

pub(crate) use section::Laboratory;
