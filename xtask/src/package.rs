//! `cargo xtask package`: the npm package in dist-package/, and the example pages made with what is packed.
//!
//! ```text
//! dist-package/package/    what is packed
//! dist-package/*.tgz       the package
//! dist-package/site/       the examples, with the unpacked package in node_modules/: what tests/page/package.rs opens
//! ```

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::debian;
use crate::failure::Failure;
use crate::install;
use crate::sizes::{brotli_size, grouped};
use crate::small_worker;
use crate::steps::Steps;
use crate::tools::{APT_NPM, WASM_BINDGEN, WASM_OPT};
use crate::workspace::Workspace;

/// Limit of what a page downloads of the package, in bytes, each file compressed with brotli as static hosts do.
pub const LIMIT: usize = 251_000;

const NAME: &str = "cardinal-resnext";
const SOURCE: &str = "package";
const COMPILER: &str = "node_modules/typescript/bin/tsc";
const BUNDLER: &str = "node_modules/vite/bin/vite.js";
/// Minifies the JavaScript of a folder.
const MINIFIER: &str = "minify.js";

/// Writes the package and its examples, and measures it.
///
/// # Errors
///
/// As [`build`], [`examples`] and [`check`].
pub fn run(workspace: &Workspace) -> Result<(), Failure> {
    let mut steps = Steps::new(4);
    steps.run("tools", || {
        install::toolchain(workspace)?;
        install::tools(workspace, &[WASM_BINDGEN, WASM_OPT])
    })?;
    steps.run("package", || build(workspace))?;
    steps.run("examples", || examples(workspace))?;
    steps.run("sizes", || check(workspace))
}

/// The folder of the examples, for the tests in the browser.
pub fn site(workspace: &Workspace) -> PathBuf {
    workspace.root().join("dist-package/site")
}

fn staged(workspace: &Workspace) -> PathBuf {
    workspace.root().join("dist-package/package")
}

/// Writes and packs the package.
///
/// # Errors
///
/// Where the compilers, npm or the disk fail.
pub fn build(workspace: &Workspace) -> Result<(), Failure> {
    node_modules(workspace)?;
    let (source, staged) = (workspace.root().join(SOURCE), staged(workspace));
    let whole = workspace.root().join("dist-package");
    if whole.exists() {
        on_disk(&whole, fs::remove_dir_all(&whole))?;
    }
    let dist = staged.join("dist");
    on_disk(&dist, fs::create_dir_all(&dist))?;
    small_worker::build(workspace, &dist)?;
    compile(workspace, &source, &source)?;
    let mut command = workspace.command("node");
    command.arg(source.join(MINIFIER)).arg(&dist);
    workspace.run(&mut command, "Vite says why above")?;
    let root = workspace.root();
    for (from, to) in [
        (source.join("package.json"), "package.json"),
        (source.join("README.md"), "README.md"),
        (root.join("LICENSE-APACHE"), "LICENSE-APACHE"),
        (root.join("LICENSE-MIT"), "LICENSE-MIT"),
        (root.join("assets/licences/WordNet.txt"), "LICENSE-WordNet"),
        (root.join("assets/labels/imagenet.txt"), "dist/imagenet.txt"),
    ] {
        on_disk(&from, fs::copy(&from, staged.join(to)))?;
    }
    let mut command = workspace.command("npm");
    command.args(["pack", "--silent", "--pack-destination", ".."]).current_dir(&staged);
    workspace.run(&mut command, "npm says why above")
}

/// Makes the example pages with the unpacked package: checks types, and bundles the one that is bundled.
///
/// # Errors
///
/// Where the package cannot be unpacked, types do not fit, or the bundler fails.
pub fn examples(workspace: &Workspace) -> Result<(), Failure> {
    let (source, site) = (workspace.root().join(SOURCE), site(workspace));
    let modules = site.join("node_modules");
    on_disk(&modules, fs::create_dir_all(&modules))?;
    let mut command = workspace.command("tar");
    command.arg("-xzf").arg(tarball(workspace)?).current_dir(&modules);
    workspace.run(&mut command, "tar says why above")?;
    on_disk(&modules, fs::rename(modules.join("package"), modules.join(NAME)))?;
    copy(&source.join("examples/plain"), &site.join("plain"))?;
    copy(&source.join("examples/vite"), &site.join("vite"))?;
    copy(&source.join("test"), &site.join("test"))?;
    compile(workspace, &source, &site.join("test"))?;
    compile(workspace, &source, &site.join("vite"))?;
    let mut command = workspace.command("node");
    command.arg(source.join(BUNDLER)).args(["build", "--logLevel", "warn"]).current_dir(site.join("vite"));
    workspace.run(&mut command, "Vite says why above")
}

/// Prints what a page downloads of the package, and fails where that is over its limit.
///
/// # Errors
///
/// Where the files cannot be read, or are over the limit.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    let folder = staged(workspace).join("dist");
    let mut total = 0;
    println!("{:<44} {:>11} {:>11}", format!("{NAME}/dist/"), "bytes", "brotli");
    for name in names(&folder)?.into_iter().filter(|name| !name.ends_with(".d.ts")) {
        let path = folder.join(&name);
        let bytes = on_disk(&path, fs::read(&path))?;
        let size = on_disk(&path, brotli_size(&bytes))?;
        println!("{name:<44} {:>11} {:>11}", grouped(bytes.len() as u64), grouped(size as u64));
        // Fetched only when a file of PyTorch's is opened.
        if !name.starts_with("cardinal-torch") {
            total += size;
        }
    }
    println!("the package in brotli: {} of at most {} bytes", grouped(total as u64), grouped(LIMIT as u64));
    if total > LIMIT {
        return Err(Failure::new(
            format!("the package is {} bytes over its limit in brotli", grouped((total - LIMIT) as u64)),
            "cargo xtask bench size says what is in its wasm",
        ));
    }
    Ok(())
}

/// Installs what package/package-lock.json names, unless that is there.
fn node_modules(workspace: &Workspace) -> Result<(), Failure> {
    let folder = workspace.root().join(SOURCE);
    let lock = folder.join("package-lock.json");
    let written = |path: &Path| fs::metadata(path).and_then(|known| known.modified()).ok();
    if written(&folder.join("node_modules/.package-lock.json")) > written(&lock) {
        return Ok(());
    }
    if workspace.find("npm").is_none() {
        debian::install(workspace, APT_NPM, "npm is missing", "install Node.js 20.19 or newer: https://nodejs.org")?;
    }
    let mut command = workspace.command("npm");
    command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]).current_dir(folder);
    workspace.run(&mut command, "npm says why above; it needs the network and Node.js 20.19 or newer")
}

/// Compiles, with the compiler of `source`, what the tsconfig.json of a folder names.
fn compile(workspace: &Workspace, source: &Path, folder: &Path) -> Result<(), Failure> {
    let mut command = workspace.command("node");
    command.arg(source.join(COMPILER)).arg("--project").arg(folder);
    workspace.run(&mut command, "TypeScript says why above")
}

fn tarball(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let folder = workspace.root().join("dist-package");
    let name = names(&folder)?.into_iter().find(|name| name.ends_with(".tgz"));
    name.map(|name| folder.join(name)).ok_or_else(|| Failure::new("npm has packed nothing", "see what it says above"))
}

/// The names of what is in a folder, sorted.
fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = on_disk(folder, fs::read_dir(folder))?;
    let mut names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into()).collect();
    names.sort();
    Ok(names)
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    on_disk(to, fs::create_dir_all(to))?;
    for name in names(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            on_disk(&from, fs::copy(&from, &to))?;
        }
    }
    Ok(())
}

fn on_disk<T>(path: &Path, outcome: io::Result<T>) -> Result<T, Failure> {
    outcome.map_err(|error| Failure::new(format!("{}: {error}", path.display()), "see that the folder can be written"))
}
