//! What a session knows, one file per track. It is plain data; what is done with it is in the files above this folder.

mod device;
mod evaluations;
mod laboratory;
mod live;
mod load;
mod networks;
mod pass;
mod picture;
mod results;
mod teach;

pub(super) use device::DeviceTrack;
pub(super) use evaluations::Evaluations;
pub(super) use laboratory::LaboratoryTrack;
pub(super) use live::LiveTrack;
pub(super) use load::LoadTrack;
pub(super) use networks::{ModelKey, Networks};
pub(super) use pass::PassTrack;
pub(super) use picture::PictureTrack;
#[cfg(feature = "page")]
pub(super) use picture::PreparedPicture;
pub(super) use results::Results;
pub(super) use teach::{Base, BaseKey, TeachPicture, TeachTrack};
