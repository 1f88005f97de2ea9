//! The built page in headless Chromium, driven as a person would: drop a picture, read the answer, turn the cardinality, break
//! it.
//!
//! `cargo xtask test` builds the page, finds the browser and runs these. In every visit the console of page
//! and worker must stay empty, and no other origin may get a request, except a host of networks that the test starts itself.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

#[path = "../common/mod.rs"]
mod common;

mod browser;
mod field;
mod files;
mod hosts;
mod visit;
mod weights;

mod access;
mod accuracy;
mod address;
mod alone;
mod arrivals;
mod cores;
mod cpu;
mod death;
mod described;
mod device;
mod dial;
mod disk;
mod dispatches;
mod english;
mod first_screen;
mod forms;
mod heads;
mod hosting;
mod inside;
mod install;
mod keyboard;
mod lab_results;
mod laboratory;
mod larger;
mod live;
mod losses;
mod maps;
mod menu;
mod misfortunes;
mod networks;
mod notices;
mod offline;
mod opening;
mod own;
mod package;
mod pictures;
mod race;
mod readable;
mod refusals;
mod samples;
mod save;
mod self_check;
mod share;
mod shift;
mod start;
mod teach;
mod troubles;
mod tuning;
mod two_tabs;
mod walk;
mod watched;
mod without;
