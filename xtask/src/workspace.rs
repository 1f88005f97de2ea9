//! Where files and tools are, and how other programs are run: from the repository's root, with the repository's own tools first on
//! the PATH, and each command printed as a person would type it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;

pub struct Workspace {
    root: PathBuf,
    /// The PATH on which programs are looked for after our own tools.
    inherited: OsString,
}

impl Workspace {
    /// The checkout this program was compiled in.
    pub fn here() -> Self {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: xtask.parent().unwrap_or(xtask).to_owned(), inherited: env::var_os("PATH").unwrap_or_default() }
    }

    /// For a test: another root, and a PATH of its own.
    #[cfg(all(test, unix))]
    pub fn at(root: &Path, path: OsString) -> Self {
        Self { root: root.to_owned(), inherited: path }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The folder of the repository's own tools; git ignores it.
    pub fn tools(&self) -> PathBuf {
        self.root.join(".tools")
    }

    /// The target directory in which tools are compiled.
    pub fn build_dir(&self) -> PathBuf {
        self.tools().join("build")
    }

    pub fn npm_prefix(&self) -> PathBuf {
        self.tools().join("npm")
    }

    pub fn node_modules(&self) -> PathBuf {
        self.npm_prefix().join("node_modules")
    }

    /// The directories of our own tools.
    pub fn own_bins(&self) -> [PathBuf; 2] {
        [self.tools().join("bin"), self.node_modules().join(".bin")]
    }

    /// The PATH with our tools first: Trunk and wasm-pack use what they find there before they try a download.
    fn path(&self) -> OsString {
        let all = self.own_bins().into_iter().chain(env::split_paths(&self.inherited));
        env::join_paths(all).unwrap_or_else(|_| self.inherited.clone())
    }

    /// Finds a program where [`Workspace::command`] would find it.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        find_in(env::split_paths(&self.path()), program)
    }

    /// A command that runs in the root and sees our tools.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let program = program.as_ref();
        // A full path where there is one: Windows does not find `npm.cmd` under the name `npm`.
        let found = program.to_str().and_then(|name| self.find(name)).map(PathBuf::into_os_string);
        let mut command = Command::new(found.as_deref().unwrap_or(program));
        command.current_dir(&self.root).env("PATH", self.path());
        command
    }

    /// Runs it with its output visible; a status other than 0 is a failure with this remedy.
    ///
    /// # Errors
    ///
    /// Where the program does not start, or ends with another status than 0.
    pub fn run(&self, command: &mut Command, remedy: &str) -> Result<(), Failure> {
        let line = typed(command);
        println!("$ {line}");
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::new(format!("`{line}` ended with {status}"), remedy)),
            Err(error) => Err(Failure::new(format!("`{line}` did not start: {error}"), remedy)),
        }
    }

    /// What a program prints on standard output, or `None` where it is missing or fails.
    pub fn capture(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
        let output = self.command(program).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The program in the first of `dirs` that has it. An absolute path stays as it is, since joining one replaces the folder.
pub fn find_in(dirs: impl IntoIterator<Item = PathBuf>, program: &str) -> Option<PathBuf> {
    let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ""] } else { &[""] };
    dirs.into_iter()
        .flat_map(|dir| suffixes.iter().map(move |suffix| dir.join(format!("{program}{suffix}"))))
        .find(|path| path.is_file())
}

/// The command as a person would type it, with the variables that were set for it (except the PATH).
fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words: Vec<String> = command
        .get_envs()
        .filter(|(name, _)| *name != "PATH")
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), value?.to_string_lossy())))
        .collect();
    words.push(program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned());
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_print_as_typed() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.arg("test").arg("--workspace").env("VK_DRIVER_FILES", "icd.json").env("PATH", "hidden");
        command.env_remove("NO_COLOR");
        assert_eq!(typed(&command), "VK_DRIVER_FILES=icd.json cargo test --workspace");
    }

    #[test]
    fn programs_are_found_in_order() {
        let root = Workspace::here().root().to_owned();
        let dirs = || [root.join("no-such-dir"), root.join("xtask"), root.clone()];
        // Cargo.toml stands for a program: it lies in both of the directories that exist.
        assert_eq!(find_in(dirs(), "Cargo.toml"), Some(root.join("xtask").join("Cargo.toml")));
        assert_eq!(find_in(dirs(), "no-such-program"), None);
    }
}
