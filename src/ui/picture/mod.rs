//! The picture, the pixels that the network sees, and sample pictures.

mod frame;
mod samples;
mod section;
mod seen;

pub(crate) use section::PictureSection;
