//! From a shader's file to what a driver compiles: values for its constants, imports, unrolled loops.
//!
//! A file of `shaders/` is valid WGSL. What is done with it stands in comments, which WGSL passes over:
//!
//! * `// #import conv2d` is replaced by `shaders/imports/conv2d.wgsl`, and `// #import WEIGHT_F16 ? weight_f16 : weight_f32` by one
//!   of two files, according to a constant ([`import`]).
//! * `for (var p = 0u; p < PIXELS; p++) { // unroll` is repeated with a number in the place of `p`, if the shader is unrolled
//!   ([`unroll()`]); with `// unroll if ROWS`, where that constant holds. An `if` over constants keeps one branch. Arrays whose every
//!   index is then a number become variables, `sums[3][1]` the variable `sums_3_1` ([`registers`]): WGSL has no registers that a
//!   loop could count through, and a compiler that does not unroll by itself keeps an array in memory.
//!
//! Source and expansion compute the same, bit for bit; only the speed differs. [`Tuning::unroll`](super::Tuning::unroll) tells
//! which of them a device gets. This module is used by `build.rs` too, which validates both with naga.

pub(crate) mod expression;
mod import;
mod registers;
mod unroll;
mod words;

pub(crate) use expression::with_values;
pub(crate) use import::import;
pub(crate) use unroll::unroll;

/// What is wrong with a shader's text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WgslError {
    /// The line, without the spaces around it.
    pub line: String,
    /// What is wrong there.
    pub what: String,
}

impl WgslError {
    fn new(line: &str, what: impl Into<String>) -> Self {
        Self { line: line.trim().to_owned(), what: what.into() }
    }
}

impl std::fmt::Display for WgslError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in `{}`", self.what, self.line)
    }
}
