//! The cardinality laboratory: the laws of the dial, any value on it, the measurement of all its stops, and its results as chart,
//! table and file. All of it is built when it is opened.

mod bring;
mod dials;
mod measure;
mod results;
mod section;
mod table;

pub(crate) use section::Laboratory;
