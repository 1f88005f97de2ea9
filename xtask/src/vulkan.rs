//! A Vulkan driver for the GPU tests: the machine's own, or a software one where it has no GPU.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::debian;
use crate::failure::Failure;
use crate::tools::APT_VULKAN;
use crate::workspace::Workspace;

/// The Vulkan loader reads the drivers' description files from this variable alone.
const VARIABLE: &str = "VK_DRIVER_FILES";

/// Mesa's lavapipe comes first: it is several times faster than Chromium's SwiftShader, and since the browser tests run on
/// SwiftShader, the kernels are tested on two devices.
const SOFTWARE: &[&str] = &[
    "/usr/share/vulkan/icd.d/lvp_icd.json",
    "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json",
    "/usr/share/vulkan/icd.d/lvp_icd.aarch64.json",
    "/usr/lib/chromium/vk_swiftshader_icd.json",
    "/usr/lib/chromium-browser/vk_swiftshader_icd.json",
    "/opt/google/chrome/vk_swiftshader_icd.json",
];

const BY_HAND: &str =
    "install a Vulkan loader and a software driver (Debian: libvulkan1 mesa-vulkan-drivers) or the GPU's own driver";

/// Names a software driver to the command where it should not run on this machine's own.
///
/// # Errors
///
/// Where no driver is found or can be installed.
pub fn choose_driver(workspace: &Workspace, command: &mut Command) -> Result<(), Failure> {
    if let Some(driver) = software_driver(workspace)? {
        command.env(VARIABLE, driver);
    }
    Ok(())
}

/// The software driver to name in [`VARIABLE`], or `None` where the tests should use the machine's own: outside Linux (Metal,
/// DX12), with a GPU, or where the variable is set already.
fn software_driver(workspace: &Workspace) -> Result<Option<PathBuf>, Failure> {
    let chosen = [VARIABLE, "VK_ICD_FILENAMES"].iter().any(|name| env::var_os(name).is_some());
    if !cfg!(target_os = "linux") || chosen || has_gpu() {
        println!("GPU tests: on this machine's own adapter");
        return Ok(None);
    }
    if find().is_none() || !has_loader(workspace) {
        debian::install(workspace, APT_VULKAN, "this machine has no GPU and no software Vulkan driver", BY_HAND)?;
    }
    match find() {
        Some(driver) => {
            println!("GPU tests: no GPU here, so on the software driver {}", driver.display());
            Ok(Some(driver))
        }
        None => Err(Failure::new("no software Vulkan driver was found after the install", BY_HAND)),
    }
}

fn find() -> Option<PathBuf> {
    SOFTWARE.iter().map(PathBuf::from).find(|path| path.is_file())
}

fn has_gpu() -> bool {
    let render_node = fs::read_dir("/dev/dri")
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD")));
    render_node || Path::new("/dev/nvidiactl").exists()
}

/// Whether libvulkan is installed. Where that cannot be found out, it is assumed, and the tests fail if it is missing.
fn has_loader(workspace: &Workspace) -> bool {
    // Not on the PATH of an ordinary user.
    workspace.capture("/sbin/ldconfig", &["-p"]).is_none_or(|libraries| libraries.contains("libvulkan.so.1"))
}
