//! What index.html shows until the page is drawn.

use leptos::prelude::document;

/// Removes it, now that the page is drawn: messages about the start are over too.
pub(crate) fn remove_first() {
    if let Some(first) = document().get_element_by_id("first") {
        first.remove();
    }
}
