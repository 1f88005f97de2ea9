//! The command-line examples.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// An example's program, without arguments yet. It is built here, once, so that a single test can also run by itself.
pub fn command(name: &str) -> Command {
    static BUILT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    // Locked while it is built: whoever comes second waits.
    let mut built = BUILT.lock().unwrap();
    if built.insert(name.to_owned()) {
        let build = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", name, "--manifest-path"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .status()
            .unwrap();
        assert!(build.success(), "the example {name} is not built");
    }
    drop(built);
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    folder.pop();
    Command::new(folder.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
