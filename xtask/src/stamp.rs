//! Puts a hash of the content into the names of the workers' files. Trunk does so for the page's files, but not for a worker's.
//! Without it a cache could combine an old worker with a new page, and the protocol between the two has no versions.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use crate::failure::Failure;

const PAGE: &str = "index.html";
/// The workers: the one that answers, and the one that trains.
const WORKERS: [&str; 2] = ["worker", "trainer"];

/// What the first of them fetches when a file of PyTorch's is opened.
const TORCH: &str = "torch";

/// All parts that have a wasm, but for the page itself.
pub const PARTS: [&str; 3] = [WORKERS[0], WORKERS[1], TORCH];

/// What the first of them fetches to share a network among cores, each after the files that name it: what starts cores, what each core
/// runs, and its two wasm.
const CORES: [&str; 5] =
    ["cores.js", "core.js", "cardinal-core.js", "cardinal-core_bg.wasm", "cardinal-core-relaxed_bg.wasm"];

const REMEDY: &str = "see that index.html, worker.js, trainer.js and xtask/src/stamp.rs name the same files";

/// A worker's script, its glue code and its wasm.
pub fn files(worker: &str) -> [String; 3] {
    [format!("{worker}.js"), format!("cardinal-{worker}.js"), format!("cardinal-{worker}_bg.wasm")]
}

/// Renames the workers' files in `dist`, and replaces their names wherever they occur.
///
/// # Errors
///
/// Where a file or a name is missing, or cannot be written.
pub fn workers(dist: &Path) -> Result<(), Failure> {
    let [first, _] = WORKERS;
    glue_and_wasm(dist, TORCH, first)?;
    cores(dist, first)?;
    for worker in WORKERS {
        glue_and_wasm(dist, worker, worker)?;
        let [script, ..] = files(worker);
        let new_script = rename(dist, &script, &format!("{worker}-"), ".js")?;
        // With its quotation mark, since other names end like this one.
        rename_references(dist, PAGE, &format!("\"{script}"), &format!("\"{new_script}"))?;
    }
    Ok(())
}

/// Renames the files of cores, which index.html names, and the script of `worker` or one of those before them.
fn cores(dist: &Path, worker: &str) -> Result<(), Failure> {
    let [script, ..] = files(worker);
    for (index, name) in CORES.iter().enumerate().rev() {
        let end = if name.ends_with(".wasm") { "_bg.wasm" } else { ".js" };
        let start = name.strip_suffix(end).unwrap_or(name);
        let new_name = rename(dist, name, &format!("{start}-"), end)?;
        // With its quotation mark, since other names end like this one.
        let (old, new) = (format!("\"{name}\""), format!("\"{new_name}\""));
        rename_references(dist, PAGE, &old, &new)?;
        // An import of JavaScript begins with a dot.
        let [old_import, new_import] = [name, &&new_name[..]].map(|name| format!("\"./{name}\""));
        let mut scripts = CORES[..index].iter().copied().chain([&script[..]]);
        let is_named = |file| {
            rename_references(dist, file, &old, &new)
                .or_else(|_| rename_references(dist, file, &old_import, &new_import))
        };
        if !scripts.any(|file| is_named(file).is_ok()) {
            return Err(Failure::new(format!("no script of dist/ names {name}"), REMEDY));
        }
    }
    Ok(())
}

/// Renames the glue code and the wasm of `part`, whose names index.html and the script of `worker` have.
fn glue_and_wasm(dist: &Path, part: &str, worker: &str) -> Result<(), Failure> {
    let [_, glue, wasm] = files(part);
    let [script, ..] = files(worker);
    let start = format!("cardinal-{part}-");
    let new_wasm = rename(dist, &wasm, &start, "_bg.wasm")?;
    rename_references(dist, &glue, &wasm, &new_wasm)?;
    let new_glue = rename(dist, &glue, &start, ".js")?;
    for file in [&script, PAGE] {
        rename_references(dist, file, &wasm, &new_wasm)?;
        rename_references(dist, file, &glue, &new_glue)?;
    }
    Ok(())
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
        let mut page = String::new();
        for worker in WORKERS {
            let [script, glue, wasm] = files(worker);
            write(&wasm, worker);
            write(&glue, &format!("new URL('{wasm}', import.meta.url)"));
            write(&script, &format!("fetch(\"{wasm}\"); import(\"./{glue}\")"));
            page += &format!("files = [\"{script}\", \"{glue}\", \"{wasm}\"];");
        }
        let [_, glue, wasm] = files(TORCH);
        write(&wasm, TORCH);
        write(&glue, &format!("new URL('{wasm}', import.meta.url)"));
        page += &format!("files = [\"{glue}\", \"{wasm}\"];");
        let [script, ..] = files(WORKERS[0]);
        let worker = fs::read_to_string(dist.join(&script)).expect("it is there");
        write(&script, &format!("{worker}; fetch(\"{wasm}\"); import(\"./{glue}\"); import(\"./cores.js\")"));
        write("cores.js", "[\"core.js\", \"cardinal-core_bg.wasm\", \"cardinal-core-relaxed_bg.wasm\"]");
        write("core.js", "import \"./cardinal-core.js\"");
        for name in &CORES[2..] {
            write(name, name);
        }
        page += &format!("files = [\"{}\"];", CORES.join("\", \""));
        write(PAGE, &page);
        workers(&dist).expect("all are there");
        let page = fs::read_to_string(dist.join(PAGE)).expect("it is there");
        let names: Vec<&str> = page.split('"').skip(1).step_by(2).collect();
        assert_eq!(names.len(), 8 + CORES.len());
        for name in &names {
            assert!(name.contains('-') && dist.join(name).exists(), "{name}");
        }
        let script = |name: &str| fs::read_to_string(dist.join(name)).expect("it is there");
        for names in names[..6].chunks(3) {
            assert!(script(names[0]).contains(names[1]) && script(names[0]).contains(names[2]), "{names:?}");
        }
        assert!(script(names[0]).contains(names[6]) && script(names[0]).contains(names[7]), "{names:?}");
        assert!(script(names[6]).contains(names[7]), "{names:?}");
        let [cores, core, glue, plain, relaxed] = &names[8..] else { panic!("{names:?}") };
        assert!(script(names[0]).contains(&format!("\"./{cores}\"")), "{names:?}");
        assert!([core, plain, relaxed].iter().all(|name| script(cores).contains(&format!("\"{name}\""))), "{names:?}");
        assert!(script(core).contains(&format!("\"./{glue}\"")), "{names:?}");
        assert!(CORES.iter().all(|name| !dist.join(name).exists()));
        assert!(PARTS.iter().flat_map(|part| files(part)).all(|name| !dist.join(name).exists()));
        // A second run finds none of the names.
        assert!(workers(&dist).is_err());
        fs::remove_dir_all(&dist).expect("it is ours");
    }

    #[test]
    fn the_sources_name_the_files() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let text = |file: &str| fs::read_to_string(root.join(file)).expect("it is committed");
        for worker in WORKERS {
            let [script, glue, wasm] = files(worker);
            let page = text(PAGE);
            assert!([&script, &glue, &wasm].iter().all(|name| page.contains(&format!("\"{name}\""))), "{worker}");
            assert!([&glue, &wasm].iter().all(|name| text(&script).contains(*name)), "{script}");
        }
        let ([_, glue, wasm], [script, ..]) = (files(TORCH), files(WORKERS[0]));
        assert!([&glue, &wasm].iter().all(|name| text(PAGE).contains(*name) && text(&script).contains(*name)));
        assert!(CORES.iter().all(|name| text(PAGE).contains(&format!("\"{name}\""))));
        let scripts = [&script[..], CORES[0], CORES[1]].map(text).concat();
        assert!(CORES.iter().all(|name| scripts.contains(name)));
    }
}
