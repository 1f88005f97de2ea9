//! Pictures against Pillow and torchvision: resize, crop, normalise, decode, and what is refused.
//!
//! Needs nothing but the fixtures in `tests/data/preprocess/`, which `tests/data/make_preprocess_fixtures.py` describes.

mod files;
mod properties;
mod resize;
mod strips;
mod support;
