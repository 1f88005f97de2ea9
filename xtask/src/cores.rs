//! The wasm of a core, which the page starts several of. It is compiled twice: with 128-bit SIMD as everything else, and with relaxed SIMD
//! as well, for browsers that have it; the others would refuse it.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::imports;
use crate::tools::WASM_TARGET;
use crate::workspace::Workspace;

const NAME: &str = "cardinal-core";
/// The scripts: the one that starts cores, and the one that each core runs.
const SCRIPTS: [&str; 2] = ["cores.js", "core.js"];
/// The builds: what their files are called, and what the compiler may use.
const BUILDS: [(&str, &str); 2] = [
    ("cardinal-core", "-C target-feature=+simd128"),
    ("cardinal-core-relaxed", "-C target-feature=+simd128,+relaxed-simd"),
];
/// Keeps the order in which a tile is multiplied and added. The compiler's own holds all weights of a step in registers, and 6 × 2 sums
/// then do not fit beside them.
const IN_ORDER: &str = "-C llvm-args=-pre-RA-sched=source";

/// Writes the scripts, `cardinal-core.js`, `cardinal-core_bg.wasm` and `cardinal-core-relaxed_bg.wasm` into `folder`. The tools of
/// [`bundle::tools`](crate::bundle::tools) must be there.
///
/// # Errors
///
/// Where the compiler or a tool fails, or both builds do not have the same JavaScript.
pub fn build(workspace: &Workspace, folder: &Path) -> Result<(), Failure> {
    let glue = format!("{NAME}.js");
    let mut scripts = Vec::new();
    for (name, flags) in BUILDS {
        let target = workspace.root().join("target/cores").join(name);
        let bound = target.join("bound");
        compile(workspace, &target, &bound, flags)?;
        copy(&bound.join(format!("{NAME}_bg.wasm")), &folder.join(format!("{name}_bg.wasm")))?;
        copy(&bound.join(&glue), &folder.join(&glue))?;
        let script = fs::read(bound.join(&glue));
        scripts.push(script.map_err(|error| Failure::new(format!("{glue}: {error}"), "build it again"))?);
    }
    if scripts.iter().any(|script| *script != scripts[0]) {
        let what = "the two builds of the core are not called in the same way";
        return Err(Failure::new(what, "see that core/ exports the same whatever the compiler may use"));
    }
    for script in SCRIPTS {
        copy(&workspace.root().join(script), &folder.join(script))?;
    }
    Ok(())
}

/// Writes `cardinal-core.js` and `cardinal-core_bg.wasm` into `bound`.
fn compile(workspace: &Workspace, target: &Path, bound: &Path, flags: &str) -> Result<(), Failure> {
    let mut command = workspace.command("cargo");
    command.args([
        "build",
        "--profile",
        "page",
        "--target",
        WASM_TARGET,
        "--package",
        NAME,
        "--bin",
        NAME,
        "--target-dir",
    ]);
    // In place of the flags of .cargo/config.toml, which are for the page.
    command.arg(target).env("RUSTFLAGS", format!("{flags} {IN_ORDER}"));
    workspace.run(&mut command, "the compiler says why above")?;
    let compiled = target.join(WASM_TARGET).join("page").join(format!("{NAME}.wasm"));
    let mut command = workspace.command("wasm-bindgen");
    command.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(bound).arg(compiled);
    workspace.run(&mut command, "wasm-bindgen says why above")?;
    let wasm = bound.join(format!("{NAME}_bg.wasm"));
    let mut command = workspace.command("wasm-opt");
    command.args(["-O3", "--enable-relaxed-simd", "--strip-producers", "--strip-target-features"]);
    command.arg(&wasm).arg("--output").arg(&wasm);
    workspace.run(&mut command, "wasm-opt says why above")?;
    imports::shorten(&wasm, &bound.join(format!("{NAME}.js")))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let copied =
        fs::copy(from, to).map_err(|error| Failure::new(format!("{}: {error}", from.display()), "build it again"));
    copied.map(drop)
}
