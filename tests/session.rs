//! The session with stand-ins for devices, files and the page: commands in any order, everything slow or failing, and the
//! events that must follow.
#![cfg(not(target_arch = "wasm32"))]

#[path = "session/bench.rs"]
mod bench;
#[path = "session/fake.rs"]
mod fake;
#[path = "session/order.rs"]
mod order;
#[path = "session/rules.rs"]
mod rules;
