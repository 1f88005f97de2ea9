//! The measuring page: its crate, compiled like the shipped page, its scripts, the peers and the exported network, in one
//! folder for the server.

use std::fs;
use std::path::{Path, PathBuf};

use super::export::Exported;
use crate::cores;
use crate::failure::Failure;
use crate::install;
use crate::tools::{WASM_BINDGEN, WASM_OPT, WASM_TARGET};
use crate::workspace::Workspace;

const STEM: &str = "cardinal_bench_page";

/// Builds `target/bench/site/`; with `exported`, the peers are included.
///
/// # Errors
///
/// Where a tool is missing, or compiling or copying fails.
pub fn build(workspace: &Workspace, exported: Option<&Exported>) -> Result<PathBuf, Failure> {
    install::toolchain(workspace)?;
    install::tools(workspace, &[WASM_BINDGEN, WASM_OPT])?;
    let site = workspace.root().join("target/bench/site");
    if site.exists() {
        fs::remove_dir_all(&site).map_err(|error| failed(&site, &error))?;
    }
    copy(&workspace.root().join("benches/page/site"), &site)?;
    compile(workspace, &site.join("pkg"))?;
    cores::build(workspace, &site)?;
    if let Some(exported) = exported {
        copy(&install::onnxruntime(workspace)?, &site.join("ort"))?;
        copy(exported.folder(), &site.join("data"))?;
    }
    Ok(site)
}

/// Compiles with the shipped page's profile, and optimises as `index.html` does.
fn compile(workspace: &Workspace, pkg: &Path) -> Result<(), Failure> {
    let cargo = ["build", "--package", "cardinal-bench-page", "--profile", "page", "--target", WASM_TARGET];
    workspace.run(workspace.command("cargo").args(cargo), "the compiler says why above")?;
    let module = workspace.root().join("target").join(WASM_TARGET).join("page").join(format!("{STEM}.wasm"));
    let mut bindgen = workspace.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(pkg).arg(module);
    workspace.run(&mut bindgen, "wasm-bindgen says why above")?;
    let bound = pkg.join(format!("{STEM}_bg.wasm"));
    let index = workspace.root().join("index.html");
    let page = fs::read_to_string(&index).map_err(|error| failed(&index, &error))?;
    let mut optimise = workspace.command("wasm-opt");
    optimise.arg("-Oz").args(optimiser_arguments(&page)).arg(&bound).arg("-o").arg(&bound);
    workspace.run(&mut optimise, "wasm-opt says why above")
}

/// The arguments that `index.html` gives wasm-opt besides `-Oz`; none where it gives none.
fn optimiser_arguments(index: &str) -> impl Iterator<Item = &str> {
    let (_, arguments) = index.split_once("data-wasm-opt-params=\"").unwrap_or_default();
    arguments.split('"').next().unwrap_or_default().split_whitespace()
}

/// Copies a folder's files, by hard links where the file system has them: some are hundreds of megabytes.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    for entry in fs::read_dir(from).map_err(|error| failed(from, &error))?.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_file() && fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target).map_err(|error| failed(&target, &error))?;
        }
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()), "make the folder writable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_optimiser_gets_the_shipped_pages_arguments() {
        let index = include_str!("../../../index.html");
        let arguments: Vec<&str> = optimiser_arguments(index).collect();
        assert!(arguments.contains(&"--low-memory-unused") && arguments.len() > 2, "{arguments:?}");
        assert!(arguments.iter().all(|argument| argument.starts_with('-')), "{arguments:?}");
        assert_eq!(optimiser_arguments("<html>").count(), 0);
    }
}
