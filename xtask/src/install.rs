//! Installs what is missing: into the repository's own `.tools/`, at the pinned versions, reused next time.

use std::fs;
use std::path::PathBuf;

use crate::debian;
use crate::failure::Failure;
use crate::rust_tool::{self, Came};
use crate::tools::{APT_NPM, AXE, ONNXRUNTIME, Origin, Tool, WASM_TARGET};
use crate::version;
use crate::workspace::{Workspace, find_in};

/// Package, version, and the part of it that is used.
type Pinned = (&'static str, &'static str, &'static str);

/// Makes the compiler's own parts available: rustfmt, clippy, the standard library for wasm.
pub fn toolchain(workspace: &Workspace) -> Result<(), Failure> {
    let by_hand = "install rustup (https://rustup.rs), which reads rust-toolchain.toml, or add this part by hand";
    for component in ["rustfmt", "clippy"] {
        let subcommand = if component == "rustfmt" { "fmt" } else { "clippy" };
        if workspace.capture("cargo", &[subcommand, "--version"]).is_none() {
            workspace.run(workspace.command("rustup").args(["component", "add", component]), by_hand)?;
        }
    }
    let sysroot = workspace.capture("rustc", &["--print", "sysroot"]).unwrap_or_default();
    if !PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        // By name: rustup's automatic installs may be switched off.
        workspace.run(workspace.command("rustup").args(["target", "add", WASM_TARGET]), by_hand)?;
    }
    Ok(())
}

/// Makes these tools available to every command of this workspace.
pub fn tools(workspace: &Workspace, wanted: &[Tool]) -> Result<(), Failure> {
    let mut compiled = false;
    for tool in wanted {
        match present(workspace, tool) {
            Some(path) => println!("{} {} ({})", tool.program, tool.version, path.display()),
            None => {
                println!("{} {} is missing: installing it into .tools/", tool.program, tool.version);
                match &tool.origin {
                    Origin::Cargo(package) => {
                        compiled |= rust_tool::install(workspace, tool, package)? == Came::Compiled;
                    }
                    Origin::Npm { package, release } => npm_install(workspace, package, release)?,
                }
                confirm(workspace, tool)?;
            }
        }
    }
    if compiled {
        // Half a gigabyte that only another install could use. Left behind it does no harm.
        let _ = fs::remove_dir_all(build_dir(workspace));
    }
    Ok(())
}

/// The path of axe-core's script, installed where missing.
pub fn axe(workspace: &Workspace) -> Result<PathBuf, Failure> {
    part_of(workspace, AXE, "AXE")
}

/// The folder with onnxruntime-web's scripts and modules, installed where missing.
pub fn onnxruntime(workspace: &Workspace) -> Result<PathBuf, Failure> {
    part_of(workspace, ONNXRUNTIME, "ONNXRUNTIME")
}

/// A file or folder of an npm package, at exactly its version.
fn part_of(workspace: &Workspace, (package, release, part): Pinned, pin: &str) -> Result<PathBuf, Failure> {
    let folder = workspace.node_modules().join(package);
    let manifest = fs::read_to_string(folder.join("package.json")).unwrap_or_default();
    if !manifest.contains(&format!("\"version\": \"{release}\"")) {
        npm_install(workspace, package, release)?;
    }
    let path = folder.join(part);
    if path.exists() {
        Ok(path)
    } else {
        Err(Failure::new(format!("{package} {release} has no {part}"), format!("correct {pin} in xtask/src/tools.rs")))
    }
}

/// Where the tool is, if the one that Trunk and wasm-pack would find has exactly the pinned version.
pub fn present(workspace: &Workspace, tool: &Tool) -> Option<PathBuf> {
    let path = workspace.find(tool.program)?;
    let printed = workspace.capture(&path, &["--version"])?;
    (version::find(&printed) == Some(tool.version)).then_some(path)
}

fn confirm(workspace: &Workspace, tool: &Tool) -> Result<(), Failure> {
    if present(workspace, tool).is_some() {
        return Ok(());
    }
    let ours = find_in(workspace.own_bins(), tool.program);
    let found = ours.map_or("nothing".to_owned(), |path| path.display().to_string());
    Err(Failure::new(
        format!("after the install, {} {} is still not there (found: {found})", tool.program, tool.version),
        "remove .tools/ and try again",
    ))
}

/// Where tools are compiled.
pub fn build_dir(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("build")
}

fn npm_install(workspace: &Workspace, package: &str, release: &str) -> Result<(), Failure> {
    if workspace.find("npm").is_none() {
        debian::install(workspace, APT_NPM, "npm is missing", "install Node.js 18 or newer: https://nodejs.org")?;
    }
    let prefix = workspace.npm_prefix();
    fs::create_dir_all(&prefix)
        .map_err(|error| Failure::new(format!("{}: {error}", prefix.display()), "make the folder writable"))?;
    let mut command = workspace.command("npm");
    command
        .args(["install", "--prefix"])
        .arg(&prefix)
        .args(["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", "--loglevel=error"])
        .arg(format!("{package}@{release}"));
    workspace.run(&mut command, "npm says why above; it needs the network and Node.js 18 or newer")?;
    Ok(())
}
