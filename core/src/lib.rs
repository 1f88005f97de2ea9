//! What one core computes of a network that is shared among several: its rows of one convolution, its groups of the next, its columns of
//! the third, and what it says to the other cores in between.
//!
//! A [`Program`] is the whole of it as data; `src/plan/share/` of the crate `cardinal` writes one per core. A [`Core`] executes it. No memory
//! is shared: what a core needs of the others comes to it as values, and who carries them is none of its business. In the page that is
//! `core.js`, in a worker per core; in the tests it is a loop.
//!
//! It is a crate of its own, because the page has two wasm of it: one with 128-bit SIMD, and one with relaxed SIMD as well, for browsers
//! that have it.

mod core;
mod program;

pub use crate::core::Core;
pub use cardinal_cpu::{Operation, Pointwise, Pool, Window};
pub use program::{Action, Part, Program};
