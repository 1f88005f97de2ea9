//! `cargo xtask results`: the table of the laboratory's results in `docs/results/`, and the results of this machine's two software
//! adapters in it.

use std::fs;

use crate::browser;
use crate::bundle;
use crate::failure::Failure;
use crate::steps::Steps;
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
            let mut test = workspace.command("cargo");
            test.args([
                "test",
                "--package",
                "cardinal-page-tests",
                "--features",
                "built-page",
                "--",
                "--exact",
                PAGE_TEST,
            ])
            .env("CARDINAL_DIST", workspace.dist())
            .env("CARDINAL_CHROME", &browser.chrome)
            .env("CARDINAL_LAB_RUNS", runs);
            workspace.run(&mut test, "the test says why above")?;
            let file = workspace.root().join(FOLDER).join("swiftshader-chromium.json");
            let copied = fs::read_to_string(workspace.root().join(SAVED))
                .and_then(|text| fs::write(&file, text.trim_end().to_owned() + "\n"));
            copied.map_err(|error| Failure::new(format!("{}: {error}", file.display()), "make it writable"))?;
            println!("written: {}", file.display());
            example(workspace, &["measure", "docs/results/lavapipe-native.json", "--runs", runs])
        })?;
    }
    steps.run("table", || example(workspace, &["table", FOLDER]))
}

/// Runs the laboratory without a page, on the adapter that the tests use.
fn example(workspace: &Workspace, args: &[&str]) -> Result<(), Failure> {
    let mut command = workspace.command("cargo");
    command.args(["run", "--quiet", "--package", "cardinal", "--example", "laboratory", "--"]).args(args);
    if let Some(driver) = vulkan::software_driver(workspace)? {
        command.env(vulkan::VARIABLE, driver);
    }
    workspace.run(&mut command, "the example says why above; VK_DRIVER_FILES chooses another Vulkan driver")
}
