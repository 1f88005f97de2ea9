//! The cardinality laboratory: the laws of the dial, any value on it, and the measurement of all its stops. All of it is built
//! when it is opened.

mod dials;
mod measure;
mod section;
mod table;

pub(crate) use section::Laboratory;
