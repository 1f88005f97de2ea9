//! `cargo xtask test`: everything that must hold, cheapest first.

use std::process::Command;

use crate::browser::{self, Browser};
use crate::bundle;
use crate::failure::Failure;
use crate::install;
use crate::instructions;
use crate::package;
use crate::steps::Steps;
use crate::tools::{TRUNK, WASM_BINDGEN, WASM_OPT, WASM_PACK, WASM_TARGET};
use crate::vulkan;
use crate::workspace::Workspace;

const FAST_STEPS: usize = 7;
const ALL_STEPS: usize = 13;

/// Runs the steps up to the first that fails and prints how long each took.
///
/// # Errors
///
/// That of the first step that fails.
pub fn run(workspace: &Workspace, fast: bool) -> Result<(), Failure> {
    let mut steps = Steps::new(if fast { FAST_STEPS } else { ALL_STEPS });
    let outcome = without_browser(workspace, &mut steps)
        .and_then(|()| if fast { Ok(()) } else { with_browser(workspace, &mut steps) });
    println!("\n{}", steps.table());
    outcome?;
    if fast {
        println!("All fast tests passed; the browser tests were left out. cargo xtask test runs everything.");
    } else {
        println!("All tests passed.");
    }
    Ok(())
}

fn without_browser(workspace: &Workspace, steps: &mut Steps) -> Result<(), Failure> {
    const LINT: &str = "mend what clippy names above; the lint table is in Cargo.toml";
    let cargo = |args: &[&str]| {
        let mut command = workspace.command("cargo");
        command.args(args);
        command
    };
    steps.run("toolchain", || install::toolchain(workspace))?;
    steps.run("formatting", || workspace.run(&mut cargo(&["fmt", "--all", "--check"]), "run: cargo fmt --all"))?;
    steps.run("clippy, native", || {
        let args = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
        workspace.run(&mut cargo(&args), LINT)
    })?;
    steps.run("clippy, wasm32", || {
        let packages = ["clippy", "--package", "cardinal", "--package", "cardinal-bench-page"];
        let rest = ["--all-targets", "--target", WASM_TARGET, "--", "-D", "warnings"];
        workspace.run(&mut cargo(&[packages.as_slice(), &rest].concat()), LINT)?;
        // The worker of the npm package.
        let small = ["clippy", "--package", "cardinal", "--lib", "--no-default-features", "--features=package"];
        workspace.run(&mut cargo(&[small.as_slice(), &rest[1..]].concat()), LINT)
    })?;
    steps.run("documentation", || {
        for target in [&[][..], &["--target", WASM_TARGET]] {
            let mut command = cargo(&["doc", "--no-deps", "--package", "cardinal", "--lib"]);
            command.args(target).env("RUSTDOCFLAGS", "-D warnings");
            workspace.run(&mut command, "mend the link or the text that rustdoc names above")?;
        }
        Ok(())
    })?;
    steps.run("native and GPU tests", || {
        let mut command = cargo(&["test", "--workspace"]);
        vulkan::choose_driver(workspace, &mut command)?;
        workspace.run(&mut command, "the test says why above; docs/testing.md tells what each kind of test needs")
    })?;
    steps.run("instructions", || instructions::check(workspace))
}

fn with_browser(workspace: &Workspace, steps: &mut Steps) -> Result<(), Failure> {
    let browser = steps.run("browser and tools", || {
        let browser = browser::find_or_install(workspace)?;
        // In one call, so that they share what they compile.
        install::tools(workspace, &[WASM_BINDGEN, WASM_PACK, WASM_OPT, TRUNK])?;
        Ok(browser)
    })?;
    steps.run("browser tests", || browser_tests(workspace, &browser))?;
    steps.run("page build", || bundle::build(workspace))?;
    steps.run("page sizes", || bundle::check(workspace))?;
    steps.run("package", || {
        package::build(workspace)?;
        package::examples(workspace)?;
        package::check(workspace)
    })?;
    steps.run("page tests", || page_tests(workspace, &browser))
}

/// The same kernels and a whole network on WebGPU.
fn browser_tests(workspace: &Workspace, browser: &Browser) -> Result<(), Failure> {
    let mut command = workspace.command("wasm-pack");
    // no-install: a missing tool is an error here, never a download.
    command.args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"]).arg(&browser.driver);
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser::capabilities(workspace, browser)?);
    workspace.run(&mut command, "the test says why above; by hand: wasm-pack test --headless --chrome")
}

/// The tests of the built page in the browser. Cargo builds them only with their feature, since they need all of this.
pub fn of_page(workspace: &Workspace, browser: &Browser) -> Command {
    let mut command = workspace.command("cargo");
    command
        .args(["test", "--package", "cardinal-page-tests", "--features", "built-page"])
        .env("CARDINAL_DIST", workspace.dist())
        .env("CARDINAL_PACKAGE", package::site(workspace))
        .env("CARDINAL_CHROME", &browser.chrome);
    command
}

fn page_tests(workspace: &Workspace, browser: &Browser) -> Result<(), Failure> {
    let mut command = of_page(workspace, browser);
    command.env("CARDINAL_AXE", install::axe(workspace)?);
    // The page's accuracy is compared with the library's, which runs natively.
    vulkan::choose_driver(workspace, &mut command)?;
    workspace.run(&mut command, "the test says why above; docs/testing.md tells how to run it by itself")
}
