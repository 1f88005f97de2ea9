//! What needs nothing but this machine's processor and the fixtures.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

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
