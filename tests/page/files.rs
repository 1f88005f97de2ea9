//! Files that visitors bring along.

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

/// A file's name, which the page takes for the picture's title.
pub fn name(file: &Path) -> &str {
    file.file_name().and_then(|name| name.to_str()).expect("a name")
}
