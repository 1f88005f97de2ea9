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
pub(in crate::ui::client) fn split(data: &DataTransfer) -> (Vec<FileSystemEntry>, Vec<File>) {
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
pub(in crate::ui::client) fn list(files: Option<FileList>) -> Vec<File> {
    let at = |files: &FileList| (0..files.length()).filter_map(|place| files.get(place)).collect();
    files.as_ref().map(at).unwrap_or_default()
}

/// All files in these folders and in theirs, in the order of their paths.
pub(super) async fn files(folders: Vec<FileSystemEntry>) -> Vec<File> {
    let mut files = Vec::new();
    for (_, entry) in entries(folders).await {
        files.extend(opened(entry).await);
    }
    files
}

/// The files of these folders and of theirs, by the name of the folder that each lies in.
pub(in crate::ui::client) async fn by_folder(folders: Vec<FileSystemEntry>) -> Vec<(String, Vec<File>)> {
    let mut all: Vec<(String, Vec<File>)> = Vec::new();
    for (path, entry) in entries(folders).await {
        let Some(file) = opened(entry).await else { continue };
        let folder = path.rsplit('/').nth(1).unwrap_or_default();
        match all.iter_mut().find(|(name, _)| name == folder) {
            Some((_, files)) => files.push(file),
            None => all.push((folder.to_owned(), vec![file])),
        }
    }
    all
}

/// All files in these folders and in theirs with their paths, in the order of these.
async fn entries(mut folders: Vec<FileSystemEntry>) -> Vec<(String, FileSystemFileEntry)> {
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let reader = folder.unchecked_into::<FileSystemDirectoryEntry>().create_reader();
        // It gives some entries at a time, and none at the end.
        while let Some(entries) = next(&reader).await.filter(|entries| entries.length() > 0) {
            for entry in entries.iter().map(JsCast::unchecked_into::<FileSystemEntry>) {
                if entry.is_directory() {
                    folders.push(entry);
                } else if found.len() < MOST {
                    found.push((entry.full_path(), entry.unchecked_into()));
                }
            }
            if found.len() >= MOST {
                folders.clear();
                break;
            }
        }
    }
    found.sort_by(|a: &(String, FileSystemFileEntry), b| a.0.cmp(&b.0));
    found
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
