//! The worker without what only this repository's page asks for: the one that the npm package has.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::imports;
use crate::tools::WASM_TARGET;
use crate::workspace::Workspace;

/// What Cargo is told: everything but the feature `page`.
const FEATURES: [&str; 2] = ["--no-default-features", "--features=package"];
/// What the page compiles for speed, and this worker for size: 0.7 KB in brotli.
const FOR_SIZE: [&str; 4] = [
    "--config",
    "profile.page.package.sha2.opt-level=\"z\"",
    "--config",
    "profile.page.package.cardinal-resize.opt-level=2",
];
const NAME: &str = "cardinal-worker";
/// The worker, and what it fetches when a file of PyTorch's is opened.
const PARTS: [&str; 2] = [NAME, "cardinal-torch"];
const PAGE: &str = "index.html";

/// Writes `cardinal-worker.js` and `cardinal-worker_bg.wasm` into `folder`, and `cardinal-torch.js` and `cardinal-torch_bg.wasm`, which
/// `worker.js` fetches when a file of PyTorch's is opened: compiled, bound and optimised as Trunk does it for the page. The tools of [`bundle::tools`](crate::bundle::tools) must be there.
///
/// # Errors
///
/// Where the compiler or a tool fails, or index.html does not say how wasm-opt is called.
pub fn build(workspace: &Workspace, folder: &Path) -> Result<(), Failure> {
    compile(workspace)?;
    for part in PARTS {
        bind(workspace, part, folder)?;
        optimise(workspace, part, folder, &[])?;
        imports::shorten(&wasm(folder, part), &folder.join(format!("{part}.js")))?;
    }
    Ok(())
}

/// The wasm of [`build`] with the names of its functions, which add their own bytes and no others; written into another `folder`.
///
/// # Errors
///
/// As [`build`].
pub fn with_names(workspace: &Workspace, folder: &Path) -> Result<Vec<u8>, Failure> {
    compile(workspace)?;
    bind(workspace, NAME, folder)?;
    optimise(workspace, NAME, folder, &["-g"])?;
    let path = wasm(folder, NAME);
    fs::read(&path).map_err(|error| Failure::new(format!("{}: {error}", path.display()), "build it again"))
}

fn wasm(folder: &Path, part: &str) -> PathBuf {
    folder.join(format!("{part}_bg.wasm"))
}

fn compile(workspace: &Workspace) -> Result<(), Failure> {
    let mut command = workspace.command("cargo");
    command.arg("build").args(FOR_SIZE).args(["--profile", "page", "--target", WASM_TARGET, "--package", "cardinal"]);
    command.args(PARTS.iter().flat_map(|part| ["--bin", part])).args(FEATURES);
    workspace.run(&mut command, "the compiler says why above")
}

/// Writes a part's JavaScript and its wasm as they are before wasm-opt.
fn bind(workspace: &Workspace, part: &str, folder: &Path) -> Result<(), Failure> {
    let compiled = workspace.root().join("target").join(WASM_TARGET).join("page").join(format!("{part}.wasm"));
    let mut command = workspace.command("wasm-bindgen");
    command.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(folder).arg(compiled);
    workspace.run(&mut command, "wasm-bindgen says why above")
}

fn optimise(workspace: &Workspace, part: &str, folder: &Path, names: &[&str]) -> Result<(), Failure> {
    let wasm = wasm(folder, part);
    let mut command = workspace.command("wasm-opt");
    command.args(names).arg("-Oz").args(wasm_opt_params(workspace)?).arg(&wasm).arg("--output").arg(&wasm);
    workspace.run(&mut command, "wasm-opt says why above")
}

/// The options of wasm-opt that index.html gives Trunk for the page's worker.
fn wasm_opt_params(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let text = fs::read_to_string(workspace.root().join(PAGE));
    let text = text.map_err(|error| Failure::new(format!("{PAGE}: {error}"), "it is committed: check it out again"))?;
    params_of(&text).ok_or_else(|| {
        let remedy = format!("see that the <link data-bin=\"{NAME}\"> of {PAGE} has them");
        Failure::new(format!("{PAGE} has no data-wasm-opt-params for {NAME}"), remedy)
    })
}

fn params_of(page: &str) -> Option<Vec<String>> {
    let line = page.lines().find(|line| line.contains(&format!("data-bin=\"{NAME}\"")))?;
    let (_, params) = line.split_once("data-wasm-opt-params=\"")?;
    let (params, _) = params.split_once('"')?;
    Some(params.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_those_of_the_pages_worker() {
        let params = params_of(include_str!("../../index.html")).expect("index.html has them");
        assert!(params.iter().any(|param| param == "-Oz"), "{params:?}");
        assert!(params.iter().all(|param| param.starts_with('-')), "{params:?}");
        assert_eq!(params_of("<link data-bin=\"cardinal-page\" data-wasm-opt-params=\"-Oz\" />"), None);
    }
}
