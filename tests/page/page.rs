//! The built page in headless Chromium, driven as a person would: drop a picture, read the answer, turn the cardinality, break
//! it.
//!
//! `cargo xtask test` builds the page, finds the browser and runs these. Every visit also wants the console empty, the worker's
//! as well, and no other origin asked for anything, but for a host of networks that the test stands up itself.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

#[path = "../common/mod.rs"]
mod common;

mod browser;
mod files;
mod hosts;
mod visit;
mod weights;

mod access;
mod accuracy;
mod address;
mod alone;
mod cpu;
mod death;
mod device;
mod dial;
mod disk;
mod keyboard;
mod menu;
mod misfortunes;
mod networks;
mod opening;
mod own;
mod pictures;
mod refusals;
mod tuning;
mod watched;
mod without;
