//! What needs a GPU driver. A missing one is a failure; `cargo xtask test` installs and names a software one.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

#[path = "../common/mod.rs"]
mod common;

mod classifier;
mod f16;
mod forms;
mod golden;
mod infer;
mod kernels;
mod layers;
