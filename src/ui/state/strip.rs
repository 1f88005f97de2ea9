//! The visitor's pictures, where there are several at once: a film strip to step through.

use leptos::prelude::*;
use web_sys::{File, Url};

/// A picture of the strip.
#[derive(Clone)]
pub(crate) struct StripPicture {
    pub file: File,
    /// The object URL of its file.
    pub url: String,
}

#[derive(Clone, Copy)]
pub(crate) struct Strip {
    pub pictures: RwSignal<Vec<StripPicture>, LocalStorage>,
    /// The place of the picture that was chosen last, and the number of its request.
    pub chosen: RwSignal<Option<(usize, u64)>>,
}

impl Strip {
    pub(crate) fn new() -> Self {
        Self { pictures: RwSignal::new_local(Vec::new()), chosen: RwSignal::new(None) }
    }

    /// Puts these pictures in place of those that are there.
    pub(crate) fn fill(self, files: Vec<File>) {
        let picture =
            |file: File| StripPicture { url: Url::create_object_url_with_blob(&file).unwrap_or_default(), file };
        let pictures = files.into_iter().map(picture).collect();
        self.chosen.set(None);
        for old in self.pictures.try_update(|all| std::mem::replace(all, pictures)).unwrap_or_default() {
            // If this fails, the browser keeps the memory until the page is closed.
            let _ = Url::revoke_object_url(&old.url);
        }
    }
}
