//! Installs missing tools into the repository's own `.tools/`, at the pinned versions; the next command finds them there.

use std::fs;
use std::path::PathBuf;

use crate::debian;
use crate::failure::Failure;
use crate::rust_tool::{self, Came};
use crate::tools::{APT_NPM, AXE, ONNXRUNTIME, Origin, Tool, WASM_TARGET};
use crate::workspace::{Workspace, find_in};

/// Name and version of an npm package, and the file or folder in it that is used.
type Pinned = (&'static str, &'static str, &'static str);

/// Makes the compiler's own parts available: rustfmt, clippy, the standard library for wasm.
///
/// # Errors
///
/// Where rustup fails or is missing.
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
        // Named explicitly: rustup's automatic installs may be switched off.
        workspace.run(workspace.command("rustup").args(["target", "add", WASM_TARGET]), by_hand)?;
    }
    Ok(())
}

/// Makes these tools available to every command of this workspace.
///
/// # Errors
///
/// Where a tool cannot be installed at its version.
pub fn tools(workspace: &Workspace, wanted: &[Tool]) -> Result<(), Failure> {
    let mut compiled = false;
    for tool in wanted {
        match tool.find(workspace) {
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
        // Half a gigabyte that only another install could use. Where it cannot be removed it does no harm.
        let _ = fs::remove_dir_all(workspace.build_dir());
    }
    Ok(())
}

/// The path of axe-core's script, installed where missing.
///
/// # Errors
///
/// Where npm fails or is missing.
pub fn axe(workspace: &Workspace) -> Result<PathBuf, Failure> {
    part_of(workspace, AXE, "AXE")
}

/// The folder with onnxruntime-web's scripts and modules, installed where missing.
///
/// # Errors
///
/// Where npm fails or is missing.
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

fn confirm(workspace: &Workspace, tool: &Tool) -> Result<(), Failure> {
    if tool.find(workspace).is_some() {
        return Ok(());
    }
    let ours = find_in(workspace.own_bins(), tool.program);
    let found = ours.map_or("nothing".to_owned(), |path| path.display().to_string());
    Err(Failure::new(
        format!("after the install, {} {} is still not there (found: {found})", tool.program, tool.version),
        "remove .tools/ and try again",
    ))
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

/// With shell scripts in place of cargo and cargo-binstall.
#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;
    use crate::rust_tool::install;
    use crate::tools::Crate;

    const TOOL: Tool = Tool {
        program: "trunk",
        version: "0.21.14",
        origin: Origin::Cargo(Crate { name: "trunk", flags: &["--locked"] }),
    };

    /// A checkout with nothing in it, and a PATH with these programs alone.
    struct Machine {
        folder: PathBuf,
    }

    impl Machine {
        fn new(name: &str, programs: &[(&str, &str)]) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(folder.join(".tools/bin")).expect("a folder for the test");
            fs::create_dir_all(folder.join("path")).expect("a folder for the test");
            for (program, script) in programs {
                write(&folder.join("path").join(program), script);
            }
            Self { folder }
        }

        fn workspace(&self) -> Workspace {
            Workspace::at(&self.folder, self.folder.join("path").into_os_string())
        }

        /// The calls with their arguments, one per line.
        fn calls(&self) -> Vec<String> {
            let calls = fs::read_to_string(self.folder.join("calls")).unwrap_or_default();
            calls.lines().map(str::to_owned).collect()
        }
    }

    impl Drop for Machine {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }

    fn write(path: &Path, script: &str) {
        fs::write(path, format!("#!/bin/sh\n{script}\n")).expect("a script for the test");
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a script for the test");
    }

    /// A script that installs a trunk of this version, as the two programs would.
    fn gives(program: &str, version: &str) -> String {
        let trunk = ".tools/bin/trunk";
        format!(
            "echo \"{program} $*\" >> calls\n\
             printf '#!/bin/sh\\necho trunk {version}\\n' > {trunk}\n\
             /bin/chmod +x {trunk}"
        )
    }

    /// One test for all: scripts that are written while another test starts a program could be busy.
    #[test]
    fn ready_made_where_that_is_the_pinned_version_and_compiled_otherwise() {
        let (cargo, pinned) = (gives("cargo", "0.21.14"), gives("cargo-binstall", "0.21.14"));
        let another = gives("cargo-binstall", "0.22.0");
        let refuses = "echo \"cargo-binstall $*\" >> calls\necho 'error: no route to host' >&2\nexit 76";
        // A program for another system's libraries.
        let broken = pinned.replace("echo trunk 0.21.14", "exit 127");
        for (name, binstall, came, called) in [
            ("pinned", Some(pinned.as_str()), Came::ReadyMade, &["cargo-binstall"][..]),
            ("another", Some(&another), Came::Compiled, &["cargo-binstall", "cargo"]),
            ("refuses", Some(refuses), Came::Compiled, &["cargo-binstall", "cargo"]),
            ("broken", Some(&broken), Came::Compiled, &["cargo-binstall", "cargo"]),
            ("without", None, Came::Compiled, &["cargo"]),
        ] {
            let programs =
                [("cargo", cargo.as_str())].into_iter().chain(binstall.map(|script| ("cargo-binstall", script)));
            let machine = Machine::new(name, &programs.collect::<Vec<_>>());
            let workspace = machine.workspace();
            let Origin::Cargo(package) = &TOOL.origin else { panic!("{name}: not a crate") };
            assert_eq!(install(&workspace, &TOOL, package).expect(name), came, "{name}");
            assert!(TOOL.find(&workspace).is_some(), "{name}");
            let calls = machine.calls();
            let programs: Vec<&str> = calls.iter().filter_map(|call| call.split(' ').next()).collect();
            assert_eq!(programs, called, "{name}");
            for call in &calls {
                let exactly =
                    if call.starts_with("cargo-binstall") { "trunk@=0.21.14" } else { "trunk@0.21.14 --locked" };
                assert!(call.ends_with(exactly) && call.contains(".tools"), "{name}: {call}");
            }
        }

        // Where neither gives the pinned version, the install fails.
        let machine = Machine::new("neither", &[("cargo", &gives("cargo", "0.20.0"))]);
        let failure = tools(&machine.workspace(), &[TOOL]).expect_err("another version");
        assert!(failure.to_string().contains("trunk 0.21.14 is still not there"), "{failure}");
    }
}
