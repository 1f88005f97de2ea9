//! Files from a network that breaks, from the browser's cache, from memory and from disk: `wasm-pack test --headless --chrome`.
//! The server is `store/server.js`, in place of `fetch`; the cache is the browser's own.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

#[path = "store/download.rs"]
mod download;
#[path = "store/interrupted.rs"]
mod interrupted;
#[path = "store/places.rs"]
mod places;
#[path = "store/refusals.rs"]
mod refusals;
#[path = "store/support.rs"]
mod support;
#[path = "store/versions.rs"]
mod versions;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
