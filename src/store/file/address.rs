//! Addresses of files.

use web_sys::Url;

use crate::platform::get;

/// An absolute address, without a fragment.
pub(super) struct Address {
    pub href: String,
    /// The server, as people say it.
    pub host: String,
    /// Whether it is the page's own server.
    pub own: bool,
}

impl Address {
    /// `None` where `url` is no address.
    pub(super) fn of(url: &str) -> Option<Self> {
        let location = get(&js_sys::global(), "location");
        let base = get(&location, "href").as_string().unwrap_or_default();
        let url = Url::new_with_base(url, &base).or_else(|_| Url::new(url)).ok()?;
        url.set_hash("");
        let own = get(&location, "origin").as_string().is_some_and(|origin| origin == url.origin());
        Some(Self { href: url.href(), host: url.host(), own })
    }
}
