//! Files that visitors bring along.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A file of the repository.
pub fn ours(path: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let file = file.canonicalize().unwrap_or(file);
    assert!(file.is_file(), "{} is missing", file.display());
    file
}

/// A file that is made for a test: there at once, since another test may read what has the same name.
pub fn made(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    std::fs::create_dir_all(&folder).expect("a folder for files of tests");
    let file = folder.join(name);
    // A browser that holds the file refuses to read it when it has been written again, even with the same bytes.
    static WRITING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    if std::fs::read(&file).is_ok_and(|there| there == bytes) {
        return file;
    }
    let part = folder.join(format!("{name}.part"));
    let written = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, &file));
    written.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    file
}

/// A folder that is made for tests, with these files by their paths in it. Whoever asks for the same name asks for the same files.
pub fn made_folder(name: &str, files: &[(String, Vec<u8>)]) -> PathBuf {
    static MADE: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    let hash = hasher.finish();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page").join(name);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(there) = made.get(name) {
        assert_eq!(*there, hash, "two tests make a folder \"{name}\" of different files: name one of them otherwise");
        return folder;
    }
    // What an earlier run has left may be other files.
    drop(std::fs::remove_dir_all(&folder));
    for (path, bytes) in files {
        let file = folder.join(path);
        let within = file.parent().expect("a folder");
        let written = std::fs::create_dir_all(within).and_then(|()| std::fs::write(&file, bytes));
        written.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
    made.insert(name.to_owned(), hash);
    folder
}

/// A file's name, which the page takes for the picture's title.
pub fn name(file: &Path) -> &str {
    file.file_name().and_then(|name| name.to_str()).expect("a name")
}
