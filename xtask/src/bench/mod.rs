//! `cargo xtask bench`: how fast, measured in the browser and natively. benches/README.md describes the method.

mod chromium;
mod export;
mod parts;
mod site;

use std::fs;
use std::path::{Path, PathBuf};

use chromium::Results;

use crate::args::{Bench, InBrowser};
use crate::bundle;
use crate::failure::Failure;
use crate::sizes;
use crate::small_worker;
use crate::steps::Steps;
use crate::vulkan;
use crate::workspace::Workspace;

const BUILT: &str = "target/bench";

/// The paper's five networks of equal cost, at depth 50.
const FAMILY: &str = "resnext50_1x64d,resnext50_2x40d,resnext50_4x24d,resnext50_8x14d,resnext50_32x4d";

/// Runs one of the measurements.
///
/// # Errors
///
/// Where a tool is missing, a build or a measurement fails, or answers differ.
pub fn run(workspace: &Workspace, bench: &Bench) -> Result<(), Failure> {
    match bench {
        Bench::Peers { network, only, runs, browser } => {
            peers(workspace, &network.network, only, &runs.to_string(), *browser)
        }
        Bench::Native { network, python, gpu, rounds } => {
            beside_native_peers(workspace, &network.network, python, *gpu, &rounds.runs.to_string())
        }
        Bench::Layers { network, rounds } => {
            native(workspace, "layers", &[&network.network, "--runs", &rounds.runs.to_string()])
        }
        Bench::Tuning { rounds } => native(workspace, "tuning", &["--runs", &rounds.runs.to_string()]),
        Bench::Family { rounds, browser } => family(workspace, &rounds.runs.to_string(), *browser),
        Bench::Training { torch, kernels, rounds } => {
            let runs = rounds.runs.to_string();
            let mut args = vec!["--runs", &runs[..]];
            args.extend(torch.iter().flat_map(|python| ["--torch", python]));
            args.extend(kernels.then_some("--kernels"));
            native(workspace, "training", &args)
        }
        Bench::Size => size(workspace),
        Bench::Cpu { rounds, browser } => cpu(workspace, &rounds.runs.to_string(), *browser),
    }
}

fn peers(workspace: &Workspace, network: &str, only: &str, runs: &str, browser: InBrowser) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    let exported = steps.run("network, exported by PyTorch", || export::run(workspace, network))?;
    let site = steps.run("page", || site::build(workspace, Some(&exported)))?;
    let side = exported.side()?.to_string();
    steps.run("measurement", || {
        let query = [("network", network), ("runs", runs), ("side", &side), ("only", only)];
        let results = chromium::measure(workspace, &site, browser.gpu, "peers", &query)?;
        keep(workspace, browser.save, &format!("peers-{network}.json"), &results).map(drop)
    })
}

fn beside_native_peers(
    workspace: &Workspace,
    network: &str,
    python: &str,
    gpu: bool,
    runs: &str,
) -> Result<(), Failure> {
    let mut steps = Steps::new(2);
    let exported = steps.run("network, exported by PyTorch", || export::run(workspace, network))?;
    steps.run("measurement", || {
        let folder = exported.folder().display().to_string();
        let mut args = vec![&folder[..], "--python", python, "--runs", runs];
        args.extend(gpu.then_some("--gpu"));
        native(workspace, "native", &args)
    })
}

fn family(workspace: &Workspace, runs: &str, InBrowser { gpu, save }: InBrowser) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    let site = steps.run("page", || site::build(workspace, None))?;
    let browser = steps.run("in the browser", || {
        let query = [("members", FAMILY), ("runs", runs), ("backend", "webgpu")];
        let results = chromium::measure(workspace, &site, gpu, "family", &query)?;
        keep(workspace, save, "family-browser.json", &results)
    })?;
    steps.run("natively, and the plot", || {
        let (browser, folder) = (browser.display().to_string(), folder(workspace, save));
        let native_json = folder.join("family-native.json").display().to_string();
        let plot = if save { workspace.root().join("docs") } else { folder }.join("family.svg");
        let plot = plot.display().to_string();
        native(workspace, "family", &["--runs", runs, "--beside", &browser, "--json", &native_json, "--plot", &plot])
    })
}

fn cpu(workspace: &Workspace, runs: &str, InBrowser { gpu, save }: InBrowser) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    steps.run("natively", || native(workspace, "cpu_work", &[]))?;
    let site = steps.run("page", || site::build(workspace, None))?;
    steps.run("in WebAssembly", || {
        let results = chromium::measure(workspace, &site, gpu, "wasm", &[("runs", runs)])?;
        keep(workspace, save, "cpu-wasm.json", &results).map(drop)
    })
}

fn size(workspace: &Workspace) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    steps.run("tools", || bundle::tools(workspace))?;
    let folder = workspace.root().join(BUILT).join("worker");
    steps.run("worker", || small_worker::build(workspace, &folder))?;
    steps.run("parts", || {
        let named = small_worker::with_names(workspace, &folder.with_file_name("worker-names"))?;
        println!("{}\n{}", sizes::measure(&folder)?.table(), parts::table(&named)?);
        Ok(())
    })
}

/// Runs one of the package's own benchmarks, on the adapter that the tests use.
fn native(workspace: &Workspace, name: &str, args: &[&str]) -> Result<(), Failure> {
    let mut command = workspace.command("cargo");
    command.args(["bench", "--quiet", "--package", "cardinal", "--bench", name, "--"]).args(args);
    vulkan::choose_driver(workspace, &mut command)?;
    workspace.run(&mut command, "the benchmark says why above; VK_DRIVER_FILES chooses another Vulkan driver")
}

/// The folder for results: `target/bench`, or with `--save` the committed one.
fn folder(workspace: &Workspace, save: bool) -> PathBuf {
    workspace.root().join(if save { "benches/results" } else { BUILT })
}

/// Writes the results, and to the committed folder only where the page found no error in them.
fn keep(workspace: &Workspace, save: bool, name: &str, results: &Results) -> Result<PathBuf, Failure> {
    let built = write(&workspace.root().join(BUILT), name, &results.json)?;
    results.verdict()?;
    if save { write(&folder(workspace, save), name, &results.json) } else { Ok(built) }
}

/// Writes a file of results.
///
/// # Errors
///
/// Where the folder or the file cannot be written.
pub fn write(folder: &Path, name: &str, json: &str) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()), "make it writable");
    fs::create_dir_all(folder).map_err(failed)?;
    fs::write(&path, format!("{json}\n")).map_err(failed)?;
    println!("written: {}", path.display());
    Ok(path)
}
