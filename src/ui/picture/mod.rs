//! The picture, the pixels that the network sees, sample pictures, and the strip of the visitor's own.

mod frame;
mod live;
mod map;
mod map_panel;
mod samples;
mod section;
mod seen;
mod strip;

pub(crate) use section::PictureSection;
