//! Executes a plan on the processor, for those who have no GPU: the same steps, the same buffers, weights in f32 whatever
//! the plan has for the GPU. The arithmetic is in the crate `cardinal-cpu`.

mod build;
mod engine;
mod error;
mod step;

pub use engine::{Engine, Run};
pub use error::CpuError;
pub use step::run_once;
