//! `cargo xtask build`: the page, optimised, in dist/.

use crate::cores;
use crate::failure::Failure;
use crate::imports;
use crate::install;
use crate::policy;
use crate::site;
use crate::sizes;
use crate::stamp;
use crate::steps::Steps;
use crate::styles;
use crate::tools::{TRUNK, WASM_BINDGEN, WASM_OPT};
use crate::workspace::Workspace;

/// Builds the page and measures it.
///
/// # Errors
///
/// As [`tools`], [`build`] and [`check`].
pub fn run(workspace: &Workspace) -> Result<(), Failure> {
    let mut steps = Steps::new(3);
    steps.run("tools", || tools(workspace))?;
    steps.run("page", || build(workspace))?;
    steps.run("sizes", || check(workspace))
}

/// Installs the tools of the page's build.
///
/// # Errors
///
/// Where a tool cannot be installed.
pub fn tools(workspace: &Workspace) -> Result<(), Failure> {
    install::toolchain(workspace)?;
    install::tools(workspace, &[WASM_BINDGEN, WASM_OPT, TRUNK])
}

/// Writes dist/. Trunk replaces the folder only after everything has been built.
///
/// # Errors
///
/// Where Trunk fails, or dist/ is not as expected.
pub fn build(workspace: &Workspace) -> Result<(), Failure> {
    let mut command = workspace.command("trunk");
    // Trunk 0.21 reads NO_COLOR=1 as the value of its own option and stops: it accepts only `true`.
    command.args(["build", "--release"]).env_remove("NO_COLOR");
    workspace
        .run(&mut command, "the compiler or Trunk says why above; Trunk.toml and index.html tell it what to build")?;
    styles::join(&workspace.dist())?;
    for part in stamp::PARTS {
        let [_, glue, wasm] = stamp::files(part).map(|name| workspace.dist().join(name));
        imports::shorten(&wasm, &glue)?;
    }
    cores::build(workspace, &workspace.dist())?;
    stamp::workers(&workspace.dist())?;
    if let Ok(address) = std::env::var(site::VARIABLE) {
        site::address(&workspace.dist(), &address)?;
    }
    // After everything that changes a script of the page.
    policy::write(&workspace.dist())
}

/// Prints the size table of dist/ and fails where the wasm is over its limit.
///
/// # Errors
///
/// Where dist/ cannot be read, or the wasm is over its limit.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    let sizes = sizes::measure(&workspace.dist())?;
    println!("{}", sizes.table());
    sizes.check()
}
