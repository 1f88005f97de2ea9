//! The network for the peers, exported once by PyTorch from the weights that Cardinal loads too.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{env, fs};

use crate::failure::Failure;
use crate::workspace::Workspace;

const FOLDER: &str = "benches/page/export";
/// The environment variable that names a Python with the packages of requirements.txt.
const VARIABLE: &str = "CARDINAL_PYTHON";
const IMPORTS: &str = "import numpy, onnx, safetensors, torch";

/// A folder with what export.py writes.
pub struct Exported {
    folder: PathBuf,
}

impl Exported {
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Side of the square input in pixels, from the size of its file: three planes of f32.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn side(&self) -> Result<u64, Failure> {
        let input = self.folder.join("input.f32");
        let bytes = fs::metadata(&input).map_err(|error| failed(&input, &error))?.len();
        Ok((bytes / 12).isqrt())
    }
}

/// The export of `network`, made unless this version of the script has made it before.
///
/// # Errors
///
/// Where there is no Python with PyTorch, or the script fails.
pub fn run(workspace: &Workspace, network: &str) -> Result<Exported, Failure> {
    let script = workspace.root().join(FOLDER).join("export.py");
    let text = fs::read_to_string(&script).map_err(|error| failed(&script, &error))?;
    let folder = workspace.root().join("target/bench/export").join(network);
    let stamp = folder.join("made-by");
    if fs::read_to_string(&stamp).is_ok_and(|made_by| made_by == text) {
        println!("{network} was exported before: {}", folder.display());
        return Ok(Exported { folder });
    }
    let python = python(workspace)?;
    let mut command = workspace.command(&python);
    command.arg(&script).arg(network).arg(&folder);
    workspace.run(&mut command, "the script says why above")?;
    // Last, so that an interrupted export is made again.
    fs::write(&stamp, text).map_err(|error| failed(&stamp, &error))?;
    Ok(Exported { folder })
}

/// A Python with PyTorch: the one that is named, or the machine's own, or a virtual environment with the pinned packages.
fn python(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let requirements = workspace.root().join(FOLDER).join("requirements.txt");
    if let Some(named) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        let named = PathBuf::from(named);
        return if can_import(workspace, &named) {
            Ok(named)
        } else {
            let what = format!("{VARIABLE} is `{}`, which cannot `{IMPORTS}`", named.display());
            Err(Failure::new(what, format!("install {} into it, or unset {VARIABLE}", requirements.display())))
        };
    }
    let ours = workspace.tools().join("python");
    let interpreter = ours.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let system = ["python3", "python"].iter().find_map(|name| workspace.find(name));
    for known in system.iter().chain([&interpreter]) {
        if can_import(workspace, known) {
            return Ok(known.clone());
        }
    }
    let by_hand = format!("install Python 3.11 or newer, or name one that has PyTorch and ONNX in {VARIABLE}");
    let system = system.ok_or_else(|| Failure::new("there is no python3 on the PATH", by_hand.as_str()))?;
    println!("no Python here has PyTorch and ONNX: installing them into .tools/python (some gigabytes)");
    workspace.run(workspace.command(system).args(["-m", "venv"]).arg(&ours), &by_hand)?;
    let mut pip = workspace.command(&interpreter);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements);
    workspace.run(&mut pip, &by_hand)?;
    Ok(interpreter)
}

fn can_import(workspace: &Workspace, python: &Path) -> bool {
    let mut command = workspace.command(python);
    command.args(["-c", IMPORTS]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()), "make the folder writable")
}
