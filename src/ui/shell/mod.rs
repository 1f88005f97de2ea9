//! Everything outside the regions: the header, overlays, keys of the whole page, its address, and keeping it for offline visits.

mod address;
mod drop_zone;
mod header;
mod keys;
mod load_toast;
mod needed;
mod notices;
mod offline;
mod start;

pub(crate) use address::Address;
pub(crate) use drop_zone::DropZone;
pub(crate) use header::Header;
pub(crate) use keys::listen;
pub(crate) use load_toast::LoadToast;
pub(crate) use notices::NoticeList;
pub(crate) use offline::OfflineNote;
pub(crate) use start::remove_first;
