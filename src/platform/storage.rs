//! Local storage, which workers do not have.

use web_sys::Storage;

/// `None` where the browser stores nothing for this page.
pub fn local_storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
