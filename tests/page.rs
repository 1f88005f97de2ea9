//! The built page in headless Chromium, through WebDriver: drop a picture, read the answer, turn the cardinality, break
//! it.
//!
//! `cargo xtask test` builds the page, finds the browser and runs these. Every visit also wants the console empty and no
//! other origin asked for anything, but for a host of networks that the test stands up itself.
#![cfg(not(target_arch = "wasm32"))]

mod common;

#[path = "page/access.rs"]
mod access;
#[path = "page/accuracy.rs"]
mod accuracy;
#[path = "page/address.rs"]
mod address;
#[path = "page/awake.rs"]
mod awake;
#[path = "page/browser.rs"]
mod browser;
#[path = "page/cpu.rs"]
mod cpu;
#[path = "page/device.rs"]
mod device;
#[path = "page/dial.rs"]
mod dial;
#[path = "page/disk.rs"]
mod disk;
#[path = "page/files.rs"]
mod files;
#[path = "page/hub.rs"]
mod hub;
#[path = "page/keyboard.rs"]
mod keyboard;
#[path = "page/menu.rs"]
mod menu;
#[path = "page/misfortunes.rs"]
mod misfortunes;
#[path = "page/networks.rs"]
mod networks;
#[path = "page/opening.rs"]
mod opening;
#[path = "page/own.rs"]
mod own;
#[path = "page/pictures.rs"]
mod pictures;
#[path = "page/refusals.rs"]
mod refusals;
#[path = "page/server.rs"]
mod server;
#[path = "page/tuning.rs"]
mod tuning;
#[path = "page/visit.rs"]
mod visit;
#[path = "page/weights.rs"]
mod weights;
#[path = "page/wire.rs"]
mod wire;
#[path = "page/without.rs"]
mod without;
