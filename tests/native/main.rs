//! What needs nothing but this machine's processor and the fixtures.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;

mod assets;
mod cpu;
mod plan;
mod preprocess;
mod session;
mod shaders;
mod structure;
mod weights;
