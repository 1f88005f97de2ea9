//! What a session knows, a file for each of its tracks. Plain data: what is done with it is in the files beside this folder.

mod device;
mod evaluations;
mod load;
mod networks;
mod pass;
mod picture;
mod results;

pub(super) use device::DeviceTrack;
pub(super) use evaluations::Evaluations;
pub(super) use load::LoadTrack;
pub(super) use networks::Networks;
pub(super) use pass::PassTrack;
pub(super) use picture::{PictureTrack, PreparedPicture};
pub(super) use results::Results;
