//! The visitor's pictures, a folder per class.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, DataTransfer, File, FileList};

use crate::platform::{compose, get};
use crate::protocol::OwnPicture;
use crate::ui::client::arrivals::folder::{by_folder, list, split};
use crate::view::arrival::is_picture;

/// Files, each with its class: the folder that it lies in.
pub(super) type Brought = Vec<(String, File)>;

/// The files of a folder that was chosen in a dialog, in the order of their paths.
pub(super) fn chosen(files: Option<FileList>) -> Brought {
    let path = |file: &File| get(file, "webkitRelativePath").as_string().unwrap_or_default();
    let mut files: Brought = list(files).into_iter().map(|file| (path(&file), file)).collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let class = |path: &str| path.rsplit('/').nth(1).unwrap_or_default().to_owned();
    files.into_iter().map(|(path, file)| (class(&path), file)).collect()
}

/// The files of the folders of a drop; `None` without a folder.
pub(super) fn dropped(data: &DataTransfer) -> Option<impl Future<Output = Brought> + use<>> {
    let (folders, _) = split(data);
    (!folders.is_empty()).then_some(async {
        let folders = by_folder(folders).await.into_iter();
        folders.flat_map(|(class, files)| files.into_iter().map(move |file| (class.clone(), file))).collect()
    })
}

/// The pictures and one file of all of them; `None` without a picture.
pub(super) fn together(files: Brought) -> Option<(Vec<OwnPicture>, Blob)> {
    let (mut pictures, pieces) = (Vec::new(), Array::new());
    for (class, file) in files {
        if class.is_empty() || !is_picture(&file.name(), &file.type_()) {
            continue;
        }
        pictures.push(OwnPicture { class, name: file.name(), bytes: file.size() as u64 });
        pieces.push(&JsValue::from(file));
    }
    let file = compose(&pieces, "").ok()?;
    (!pictures.is_empty()).then_some((pictures, file))
}
