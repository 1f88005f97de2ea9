//! The tests that need only the CPU and the fixtures.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, reason = "a test has no users outside: `pub` marks items for its other files")]

#[path = "../common/mod.rs"]
mod common;

mod assets;
mod cores;
mod counts;
mod cpu;
mod first_frame;
mod forms;
mod fuzz;
mod group;
mod plan;
mod preprocess;
mod probes;
mod race;
mod read;
mod results;
mod session;
mod shaders;
mod structure;
mod teach;
mod training;
mod weights;
mod words;
