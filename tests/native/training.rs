//! Training without a GPU: the plan as data, every operation of the CPU engine against its twin, whole networks against PyTorch
//! and against finite differences.

mod archive;
mod bundled;
mod example;
mod networks;
mod operations;
mod plan;
mod run;
