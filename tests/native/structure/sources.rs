//! The files of `src/`.

use std::fs;
use std::path::{Path, PathBuf};

fn below(path: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every file: its path below `src/`, and its text.
pub fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    below(&root, &mut files);
    files.sort();
    let file = |path: PathBuf| {
        let parts: Vec<_> = path.strip_prefix(&root).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
        (parts.join("/"), fs::read_to_string(&path).unwrap())
    };
    files.into_iter().map(file).collect()
}

/// The library's, without the binaries, which are crates of their own.
pub fn library() -> Vec<(String, String)> {
    all().into_iter().filter(|(path, _)| path != "main.rs" && !path.starts_with("bin/")).collect()
}
