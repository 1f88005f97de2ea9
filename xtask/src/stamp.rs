//! Puts a hash of the content into the names of the worker's files. Trunk does so for the page's files, but not for a worker's.
//! Without it a cache could combine an old worker with a new page, and the protocol between the two has no versions.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use crate::failure::Failure;

const WASM: &str = "cardinal-worker_bg.wasm";
const GLUE: &str = "cardinal-worker.js";
const SCRIPT: &str = "worker.js";
const PAGE: &str = "index.html";

const REMEDY: &str = "see that index.html, worker.js and xtask/src/stamp.rs name the same files";

/// Renames the worker's files in `dist`, and replaces their names wherever they occur.
///
/// # Errors
///
/// Where a file or a name is missing, or cannot be written.
pub fn worker(dist: &Path) -> Result<(), Failure> {
    let wasm = rename(dist, WASM, "cardinal-worker-", "_bg.wasm")?;
    rename_references(dist, GLUE, WASM, &wasm)?;
    let glue = rename(dist, GLUE, "cardinal-worker-", ".js")?;
    rename_references(dist, SCRIPT, WASM, &wasm)?;
    rename_references(dist, SCRIPT, GLUE, &glue)?;
    let script = rename(dist, SCRIPT, "worker-", ".js")?;
    rename_references(dist, PAGE, WASM, &wasm)?;
    rename_references(dist, PAGE, GLUE, &glue)?;
    // With its quotation mark, since other names end like this one.
    rename_references(dist, PAGE, &format!("\"{SCRIPT}"), &format!("\"{script}"))
}

/// The file's new name.
fn rename(dist: &Path, name: &str, start: &str, end: &str) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("dist/{name}: {error}"), REMEDY);
    let hashed = format!("{start}{}{end}", hash(&fs::read(dist.join(name)).map_err(failed)?));
    fs::rename(dist.join(name), dist.join(&hashed)).map_err(failed)?;
    Ok(hashed)
}

/// A hash for a file's name: 16 hexadecimal digits, as `sw.js` expects them.
pub fn hash(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("{:016x}", hasher.finish())
}

/// Writes `new` wherever the file has `old`.
fn rename_references(dist: &Path, file: &str, old: &str, new: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("dist/{file}: {error}"), REMEDY);
    let text = fs::read_to_string(dist.join(file)).map_err(failed)?;
    if !text.contains(old) {
        return Err(Failure::new(format!("dist/{file} does not name {old}"), REMEDY));
    }
    fs::write(dist.join(file), text.replace(old, new)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_hash_and_is_found() {
        let dist = std::env::temp_dir().join(format!("cardinal-stamp-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a folder");
        let write = |name: &str, text: &str| fs::write(dist.join(name), text).expect("room on the disk");
        write(WASM, "wasm");
        write(GLUE, "new URL('cardinal-worker_bg.wasm', import.meta.url)");
        write(SCRIPT, "fetch(\"cardinal-worker_bg.wasm\"); import(\"./cardinal-worker.js\")");
        write(PAGE, "files = [\"worker.js\", \"cardinal-worker.js\", \"cardinal-worker_bg.wasm\"]");
        worker(&dist).expect("all are there");
        let page = fs::read_to_string(dist.join(PAGE)).expect("it is there");
        let names: Vec<&str> = page.split('"').skip(1).step_by(2).collect();
        assert_eq!(names.len(), 3);
        for name in &names {
            assert!(name.contains('-') && dist.join(name).exists(), "{name}");
        }
        let script = fs::read_to_string(dist.join(names[0])).expect("it is there");
        assert!(script.contains(names[1]) && script.contains(names[2]), "{script}");
        assert!(!dist.join(SCRIPT).exists() && !dist.join(WASM).exists());
        // A second run finds none of the names.
        assert!(worker(&dist).is_err());
        fs::remove_dir_all(&dist).expect("it is ours");
    }

    #[test]
    fn the_sources_name_the_files() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (file, names) in [(PAGE, [SCRIPT, GLUE, WASM].as_slice()), (SCRIPT, &[GLUE, WASM])] {
            let text = fs::read_to_string(root.join(file)).expect("it is committed");
            assert!(names.iter().all(|name| text.contains(name)), "{file}");
        }
    }
}
