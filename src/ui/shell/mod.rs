//! What belongs to no region: the header, what lies over the page, the keys of the whole page, its address, and its next visit
//! without a network.

mod address;
mod drop_zone;
mod header;
mod keys;
mod load_toast;
mod needed;
mod notices;
mod offline;

pub use address::Address;
pub use drop_zone::DropZone;
pub use header::Header;
pub use keys::listen;
pub use load_toast::LoadToast;
pub use notices::NoticeList;
pub use offline::keep_for_offline;
