//! `cargo xtask bench`: how fast, measured in the browser and natively. benches/README.md tells what is compared how.

mod chromium;
mod export;
mod site;

use std::fs;
use std::path::{Path, PathBuf};

use chromium::Results;

use crate::args::{Bench, Measured};
use crate::failure::Failure;
use crate::steps::Steps;
use crate::vulkan;
use crate::workspace::Workspace;

const BUILT: &str = "target/bench";

/// The paper's settings of equal cost, at depth 50.
const FAMILY: &str = "resnext50_1x64d,resnext50_2x40d,resnext50_4x24d,resnext50_8x14d,resnext50_32x4d";

pub fn run(workspace: &Workspace, task: &Bench) -> Result<(), Failure> {
    match task.what {
        Measured::Peers => peers(workspace, task),
        Measured::Layers => layers(workspace, task),
        Measured::Family => family(workspace, task),
        Measured::Cpu => cpu(workspace, task),
    }
}

fn peers(workspace: &Workspace, task: &Bench) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    let exported = steps.run("network, exported by PyTorch", || export::run(workspace, &task.network))?;
    let site = steps.run("page", || site::build(workspace, Some(&exported)))?;
    let side = exported.side()?.to_string();
    steps.run("measurement", || {
        let runs = task.runs.to_string();
        let query = [("network", task.network.as_str()), ("runs", &runs), ("side", &side), ("only", &task.only)];
        let results = chromium::measure(workspace, &site, task.gpu, "peers", &query)?;
        keep(workspace, task, &format!("peers-{}.json", task.network), &results).map(drop)
    })
}

fn layers(workspace: &Workspace, task: &Bench) -> Result<(), Failure> {
    let runs = task.runs.to_string();
    native(workspace, "layers", &[&task.network, "--runs", &runs])
}

fn family(workspace: &Workspace, task: &Bench) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    let site = steps.run("page", || site::build(workspace, None))?;
    let runs = task.runs.to_string();
    let browser = steps.run("in the browser", || {
        let query = [("members", FAMILY), ("runs", &runs), ("backend", "webgpu")];
        let results = chromium::measure(workspace, &site, task.gpu, "family", &query)?;
        keep(workspace, task, "family-browser.json", &results)
    })?;
    steps.run("natively, and the plot", || {
        let (browser, folder) = (browser.display().to_string(), folder(workspace, task));
        let native_json = folder.join("family-native.json").display().to_string();
        let plot = if task.save { workspace.root().join("docs") } else { folder }.join("family.svg");
        let plot = plot.display().to_string();
        native(workspace, "family", &["--runs", &runs, "--beside", &browser, "--json", &native_json, "--plot", &plot])
    })
}

fn cpu(workspace: &Workspace, task: &Bench) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    steps.run("natively", || native(workspace, "cpu_work", &[]))?;
    let site = steps.run("page", || site::build(workspace, None))?;
    steps.run("in WebAssembly", || {
        let runs = task.runs.to_string();
        let results = chromium::measure(workspace, &site, task.gpu, "wasm", &[("runs", runs.as_str())])?;
        keep(workspace, task, "cpu-wasm.json", &results).map(drop)
    })
}

/// One of the package's own benchmarks, on the adapter that the tests would take.
fn native(workspace: &Workspace, name: &str, args: &[&str]) -> Result<(), Failure> {
    let mut command = workspace.command("cargo");
    command.args(["bench", "--quiet", "--package", "cardinal", "--bench", name, "--"]).args(args);
    if let Some(driver) = vulkan::software_driver(workspace)? {
        command.env(vulkan::VARIABLE, driver);
    }
    workspace.run(&mut command, "the benchmark says why above; VK_DRIVER_FILES chooses another Vulkan driver")
}

/// Where results go: beside what is built, or, on demand, among what is committed.
fn folder(workspace: &Workspace, task: &Bench) -> PathBuf {
    workspace.root().join(if task.save { "benches/results" } else { BUILT })
}

/// Writes the figures down, and among what is committed only where nothing is wrong with them.
fn keep(workspace: &Workspace, task: &Bench, name: &str, results: &Results) -> Result<PathBuf, Failure> {
    let built = write(&workspace.root().join(BUILT), name, &results.json)?;
    results.verdict()?;
    if task.save { write(&folder(workspace, task), name, &results.json) } else { Ok(built) }
}

fn write(folder: &Path, name: &str, json: &str) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()), "make it writable");
    fs::create_dir_all(folder).map_err(failed)?;
    fs::write(&path, format!("{json}\n")).map_err(failed)?;
    println!("written: {}", path.display());
    Ok(path)
}
