//! Tools that are Rust programs: binaries from cargo-binstall where that is on the PATH, otherwise compiled.

use crate::failure::Failure;
use crate::tools::{Crate, Tool};
use crate::workspace::Workspace;

/// How a tool was installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    ReadyMade,
    Compiled,
}

/// Installs the tool into `.tools/`. Where cargo-binstall does not give exactly the pinned version (no such file, a host that
/// cannot be reached, a program that does not run here), the tool is compiled.
///
/// # Errors
///
/// Where the tool does not compile.
pub fn install(workspace: &Workspace, tool: &Tool, package: &Crate) -> Result<Came, Failure> {
    if workspace.find("cargo-binstall").is_some() {
        match binstall(workspace, tool, package) {
            Ok(()) if tool.find(workspace).is_some() => return Ok(Came::ReadyMade),
            Ok(()) => println!("what cargo-binstall gave is not {} {}: compiling it", tool.program, tool.version),
            Err(failure) => println!("{failure}\ncompiling {} {} instead", tool.program, tool.version),
        }
    }
    compile(workspace, tool, package)?;
    Ok(Came::Compiled)
}

fn binstall(workspace: &Workspace, tool: &Tool, package: &Crate) -> Result<(), Failure> {
    let mut command = workspace.command("cargo-binstall");
    command
        .args(["--no-confirm", "--force", "--disable-telemetry", "--root"])
        .arg(workspace.tools())
        // cargo-binstall would compile with the author's profile, which takes several times longer.
        .args(["--disable-strategies", "compile"])
        .arg(format!("{}@={}", package.name, tool.version));
    workspace.run(&mut command, "cargo-binstall says why above")
}

/// Compiles a tool. Tools run for seconds and compile for minutes, so compile time decides: little optimisation, and one target
/// directory, in which the dependencies that the tools share compile once.
fn compile(workspace: &Workspace, tool: &Tool, package: &Crate) -> Result<(), Failure> {
    let mut command = workspace.command("cargo");
    command
        .args(["install", "--force", "--root"])
        .arg(workspace.tools())
        .arg("--target-dir")
        .arg(workspace.build_dir())
        .arg(format!("{}@{}", package.name, tool.version))
        .args(package.flags)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    workspace.run(&mut command, "the compiler says why above; a missing C compiler or network are the usual causes")
}
