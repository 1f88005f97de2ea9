//! The picture, what the network sees of it, and pictures to try.

mod frame;
mod samples;
mod section;
mod seen;

pub(crate) use section::PictureSection;
