//! Teaching: classes of the visitor's own with their pictures, and how well the network tells them apart.

mod class;
mod keep;
mod now;
mod outcome;
mod section;
mod thumbs;
mod wrong;

pub(crate) use section::TeachSection;
