//! On Debian and Ubuntu as root (a container, CI) a missing package is installed; elsewhere the error names it.

use std::path::Path;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// Whether `apt-get install` may be tried here.
pub fn can_install(workspace: &Workspace) -> bool {
    Path::new("/etc/debian_version").exists()
        && workspace.find("apt-get").is_some()
        && workspace.capture("id", &["-u"]).is_some_and(|uid| uid.trim() == "0")
}

/// Installs packages, or fails with `elsewhere` as the remedy.
///
/// # Errors
///
/// Where packages cannot be installed here, or `apt-get` fails.
pub fn install(workspace: &Workspace, packages: &[&str], missing: &str, elsewhere: &str) -> Result<(), Failure> {
    if !can_install(workspace) {
        return Err(Failure::new(missing, elsewhere));
    }
    println!("{missing}; installing {}", packages.join(" "));
    let apt = || {
        let mut command = workspace.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    workspace.run(apt().args(["update", "-q"]), "check the package sources and the network")?;
    workspace.run(apt().args(["install", "-q", "-y", "--no-install-recommends"]).args(packages), elsewhere)
}
