//! The files of a drop, and those of the folders in it.

use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// The most files that are looked at in a folder.
const MOST: usize = 2000;

/// The folders of a drop, and its files.
pub(super) fn split(data: &DataTransfer) -> (Vec<FileSystemEntry>, Vec<File>) {
    let items = data.items();
    let entries = (0..items.length()).filter_map(|place| items.get(place)?.webkit_get_as_entry().ok()?);
    let entries: Vec<FileSystemEntry> = entries.collect();
    let (folders, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(FileSystemEntry::is_directory);
    let mut files = list(data.files());
    // A folder is among the files too, as one that cannot be read.
    if !folders.is_empty() {
        let names: Vec<String> = others.iter().map(FileSystemEntry::name).collect();
        files.retain(|file| names.contains(&file.name()));
    }
    (folders, files)
}

/// The files of a list.
pub(super) fn list(files: Option<FileList>) -> Vec<File> {
    let at = |files: &FileList| (0..files.length()).filter_map(|place| files.get(place)).collect();
    files.as_ref().map(at).unwrap_or_default()
}

/// All files in these folders and in theirs, in the order of their paths.
pub(super) async fn files(mut folders: Vec<FileSystemEntry>) -> Vec<File> {
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let reader = folder.unchecked_into::<FileSystemDirectoryEntry>().create_reader();
        // It gives some entries at a time, and none at the end.
        while let Some(entries) = next(&reader).await.filter(|entries| entries.length() > 0) {
            for entry in entries.iter().map(JsCast::unchecked_into::<FileSystemEntry>) {
                if entry.is_directory() {
                    folders.push(entry);
                } else if found.len() < MOST {
                    found.push((entry.full_path(), entry));
                }
            }
            if found.len() >= MOST {
                folders.clear();
                break;
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let mut files = Vec::new();
    for (_, entry) in found {
        files.extend(opened(entry.unchecked_into()).await);
    }
    files
}

async fn next(reader: &FileSystemDirectoryReader) -> Option<Array> {
    let promise = Promise::new(&mut |resolve, reject| {
        let _ = reader.read_entries_with_callback_and_callback(&resolve, &reject);
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

async fn opened(entry: FileSystemFileEntry) -> Option<File> {
    let promise = Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}
