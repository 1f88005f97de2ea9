//! What a session knows, a file for each of its tracks. Plain data: what is done with it is in the files beside this folder.

mod device;
mod evaluations;
mod load;
mod networks;
mod pass;
mod picture;
mod results;

pub use device::DeviceTrack;
pub use evaluations::Evaluations;
pub use load::LoadTrack;
pub use networks::Networks;
pub use pass::PassTrack;
pub use picture::{PictureTrack, Prepared};
pub use results::Results;
