//! Addresses of files.

use web_sys::Url;

use crate::platform::get;

/// An absolute address, without a fragment.
pub(super) struct FileUrl {
    pub href: String,
    /// The server's name, with its port where the address has one.
    pub host: String,
    /// Whether it is the page's own server.
    pub is_own: bool,
}

impl FileUrl {
    /// The address that `url` is, absolute or relative to the page's; `None` where it is no address.
    pub(super) fn parse(url: &str) -> Option<Self> {
        let location = get(&js_sys::global(), "location");
        let base = get(&location, "href").as_string().unwrap_or_default();
        let url = Url::new_with_base(url, &base).or_else(|_| Url::new(url)).ok()?;
        url.set_hash("");
        let is_own = get(&location, "origin").as_string().is_some_and(|origin| origin == url.origin());
        Some(Self { href: url.href(), host: url.host(), is_own })
    }
}
