//! Compares pictures with Pillow and torchvision: resize, crop, normalise, decode, and refusals.
//!
//! Needs only the fixtures in `tests/data/preprocess/`, which `tests/data/make_preprocess_fixtures.py` describes.

mod field;
mod files;
mod properties;
mod resize;
mod strips;
mod support;
