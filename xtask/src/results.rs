//! `cargo xtask results`: the table of the laboratory's results in `docs/results/`, and the results of this machine's two software
//! adapters in it.

use std::fs;
use std::process::Command;

use crate::bench;
use crate::browser::{self, Browser};
use crate::bundle;
use crate::failure::Failure;
use crate::steps::Steps;
use crate::test;
use crate::vulkan;
use crate::workspace::Workspace;

/// The results, and the document with their table.
const FOLDER: &str = "docs/results";
/// The page test that measures in Chromium, and where it leaves the file that the page saves.
const PAGE_TEST: &str = "lab_results::a_result_of_the_software_adapter";
const SAVED: &str = "target/tmp/saved/software-adapter/cardinality_fused_webgpu.json";

/// Writes the table; with `runs`, measures first.
///
/// # Errors
///
/// Where a tool is missing, a build or a measurement fails, or a file in the folder is no result.
pub fn run(workspace: &Workspace, runs: Option<&str>) -> Result<(), Failure> {
    let mut steps = Steps::new(if runs.is_some() { 4 } else { 1 });
    if let Some(runs) = runs {
        let browser = steps
            .run("browser and tools", || bundle::tools(workspace).and_then(|()| browser::find_or_install(workspace)))?;
        steps.run("page", || bundle::build(workspace))?;
        steps.run("the two software adapters", || {
            in_browser(workspace, &browser, runs)?;
            natively(workspace, runs)
        })?;
    }
    steps.run("table", || workspace.run(&mut example(workspace, &["table", FOLDER]), "the example says why above"))
}

/// On the page, as a visitor measures.
fn in_browser(workspace: &Workspace, browser: &Browser, runs: &str) -> Result<(), Failure> {
    let mut test = test::of_page(workspace, browser);
    test.args(["--", "--exact", PAGE_TEST]).env("CARDINAL_LAB_RUNS", runs);
    workspace.run(&mut test, "the test says why above")?;
    let saved = workspace.root().join(SAVED);
    let json = fs::read_to_string(&saved)
        .map_err(|error| Failure::new(format!("{}: {error}", saved.display()), "the page test leaves it there"))?;
    bench::write(&workspace.root().join(FOLDER), "swiftshader-chromium.json", json.trim_end()).map(drop)
}

/// On the adapter that the tests use.
fn natively(workspace: &Workspace, runs: &str) -> Result<(), Failure> {
    let mut measure = example(workspace, &["measure", "docs/results/lavapipe-native.json", "--runs", runs]);
    vulkan::choose_driver(workspace, &mut measure)?;
    workspace.run(&mut measure, "the example says why above; VK_DRIVER_FILES chooses another Vulkan driver")
}

/// The laboratory without a page.
fn example(workspace: &Workspace, args: &[&str]) -> Command {
    let mut command = workspace.command("cargo");
    command.args(["run", "--quiet", "--package", "cardinal", "--example", "laboratory", "--"]).args(args);
    command
}
