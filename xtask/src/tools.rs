//! The one place where the versions of everything outside `Cargo.toml` are pinned.

use std::path::PathBuf;

use crate::version;
use crate::workspace::Workspace;

/// A program that the commands call.
pub struct Tool {
    /// Name of the executable.
    pub program: &'static str,
    /// Exactly this version counts; the program prints it under `--version`.
    pub version: &'static str,
    pub origin: Origin,
}

impl Tool {
    /// Its path, if the one that Trunk and wasm-pack would find has exactly the pinned version.
    pub fn find(&self, workspace: &Workspace) -> Option<PathBuf> {
        let path = workspace.find(self.program)?;
        let printed = workspace.capture(&path, &["--version"])?;
        (version::find(&printed) == Some(self.version)).then_some(path)
    }
}

/// Where a missing tool comes from.
pub enum Origin {
    /// A binary from cargo-binstall, or compiled by `cargo install`.
    Cargo(Crate),
    /// Unpacked by npm; `release` is npm's spelling of the version.
    Npm { package: &'static str, release: &'static str },
}

/// A package of crates.io.
pub struct Crate {
    pub name: &'static str,
    /// Arguments of `cargo install` besides the version.
    pub flags: &'static [&'static str],
}

/// Must equal the `wasm-bindgen` in Cargo.lock: the two halves share a private format (a test below compares them).
/// Not `--locked`: its lock file names a `webpki-roots` that some registry mirrors do not hold.
pub const WASM_BINDGEN: Tool = Tool {
    program: "wasm-bindgen",
    version: "0.2.130",
    origin: Origin::Cargo(Crate { name: "wasm-bindgen-cli", flags: &[] }),
};

/// 0.22 needs a newer compiler than `rust-toolchain.toml` has. Built without its default features, TLS and a check for newer
/// versions, since it downloads nothing here.
pub const TRUNK: Tool = Tool {
    program: "trunk",
    version: "0.21.14",
    origin: Origin::Cargo(Crate { name: "trunk", flags: &["--locked", "--no-default-features"] }),
};

pub const WASM_PACK: Tool = Tool {
    program: "wasm-pack",
    version: "0.15.1",
    origin: Origin::Cargo(Crate { name: "wasm-pack", flags: &["--locked"] }),
};

/// From npm: the same build on every system, in seconds.
pub const WASM_OPT: Tool =
    Tool { program: "wasm-opt", version: "132", origin: Origin::Npm { package: "binaryen", release: "132.0.0" } };

/// The accessibility engine that the page tests load into the page: package, version, and the one file they need.
pub const AXE: (&str, &str, &str) = ("axe-core", "4.14.1", "axe.min.js");

/// The engine that `cargo xtask bench peers` compares with Cardinal: package, version, and the folder with its scripts and modules.
pub const ONNXRUNTIME: (&str, &str, &str) = ("onnxruntime-web", "1.30.0", "dist");

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Packages that `apt-get` installs on Debian and Ubuntu.
pub const APT_BROWSER: &[&str] = &["chromium", "chromium-driver"];
pub const APT_VULKAN: &[&str] = &["libvulkan1", "mesa-vulkan-drivers"];
pub const APT_NPM: &[&str] = &["nodejs", "npm"];
pub const APT_VALGRIND: &[&str] = &["valgrind"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_is_the_one_in_the_lock_file() {
        let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"))
            .expect("Cargo.lock is committed");
        let expected = format!("name = \"wasm-bindgen\"\nversion = \"{}\"\n", WASM_BINDGEN.version);
        assert!(
            lock.replace("\r\n", "\n").contains(&expected),
            "xtask/src/tools.rs pins wasm-bindgen {}, Cargo.lock has another: make them equal",
            WASM_BINDGEN.version
        );
    }
}
