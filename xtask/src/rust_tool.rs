//! Tools that are Rust programs: ready-made by cargo-binstall where that is on the PATH, else compiled.

use crate::failure::Failure;
use crate::install::{build_dir, present};
use crate::tools::{Crate, Tool};
use crate::workspace::Workspace;

/// How a tool came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    ReadyMade,
    Compiled,
}

/// Installs the tool into `.tools/`. Whatever keeps cargo-binstall from giving exactly the pinned version (no such file, a host that
/// cannot be reached, a program that does not run here), it is compiled.
pub fn install(workspace: &Workspace, tool: &Tool, package: &Crate) -> Result<Came, Failure> {
    if workspace.find("cargo-binstall").is_some() {
        match binstall(workspace, tool, package) {
            Ok(()) if present(workspace, tool).is_some() => return Ok(Came::ReadyMade),
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
        // It would compile as the tool's author ships it, which takes several times longer.
        .args(["--disable-strategies", "compile"])
        .arg(format!("{}@={}", package.name, tool.version));
    workspace.run(&mut command, "cargo-binstall says why above")
}

/// Compiles a tool. They run for seconds and compile for minutes, so everything favours the compiler: little
/// optimisation, and one target directory, in which the dependencies that the tools share compile once.
fn compile(workspace: &Workspace, tool: &Tool, package: &Crate) -> Result<(), Failure> {
    let mut command = workspace.command("cargo");
    command
        .args(["install", "--force", "--root"])
        .arg(workspace.tools())
        .arg("--target-dir")
        .arg(build_dir(workspace))
        .arg(format!("{}@{}", package.name, tool.version))
        .args(package.flags)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    workspace.run(&mut command, "the compiler says why above; a missing C compiler or network are the usual causes")
}

/// With programs of our own in the place of cargo and cargo-binstall: shell scripts.
#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::install;
    use crate::tools::Origin;

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

        /// What was called, a line each, with its arguments.
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
            assert!(present(&workspace, &TOOL).is_some(), "{name}");
            let calls = machine.calls();
            let programs: Vec<&str> = calls.iter().filter_map(|call| call.split(' ').next()).collect();
            assert_eq!(programs, called, "{name}");
            for call in &calls {
                let exactly =
                    if call.starts_with("cargo-binstall") { "trunk@=0.21.14" } else { "trunk@0.21.14 --locked" };
                assert!(call.ends_with(exactly) && call.contains(".tools"), "{name}: {call}");
            }
        }

        // Where neither gives the pinned version, nothing is called installed.
        let machine = Machine::new("neither", &[("cargo", &gives("cargo", "0.20.0"))]);
        let failure = install::tools(&machine.workspace(), &[TOOL]).expect_err("another version");
        assert!(failure.to_string().contains("trunk 0.21.14 is still not there"), "{failure}");
    }
}
