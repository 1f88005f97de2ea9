//! Pictures against Pillow and torchvision: resize, crop, normalise, decode, and what is refused.
//!
//! Needs nothing but the fixtures in `tests/data/preprocess/`, which `tests/data/make_preprocess_fixtures.py` describes.
#![cfg(not(target_arch = "wasm32"))]

#[path = "preprocess/files.rs"]
mod files;
#[path = "preprocess/properties.rs"]
mod properties;
#[path = "preprocess/resize.rs"]
mod resize;
#[path = "preprocess/strips.rs"]
mod strips;
#[path = "preprocess/support.rs"]
mod support;
