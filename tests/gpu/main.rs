//! The tests that need a GPU driver. A missing driver is a failure; `cargo xtask test` installs and names a software one.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, reason = "a test has no users outside: `pub` marks items for its other files")]

#[path = "../common/mod.rs"]
mod common;

mod classifier;
mod f16;
mod field;
mod forms;
mod golden;
mod group;
mod infer;
mod kernels;
mod layers;
mod read;
mod self_check;
mod training;
