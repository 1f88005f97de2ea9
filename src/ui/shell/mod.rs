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

pub(crate) use address::Address;
pub(crate) use drop_zone::DropZone;
pub(crate) use header::Header;
pub(crate) use keys::listen;
pub(crate) use load_toast::LoadToast;
pub(crate) use notices::NoticeList;
pub(crate) use offline::keep_for_offline;
