//! The table of the results in `docs/results/`.

use std::fs;
use std::path::Path;

use cardinal::view::lab::{LabResult, markdown, read};

/// The document that has the table, beside the files.
pub const DOCUMENT: &str = "README.md";

/// What stands above the table.
const HEAD: &str = "\
# Results of the cardinality laboratory

Latency in milliseconds, end to end: the median of the runs, and their 10th to 90th percentile. A column is a stop of the dial. The
runs are interleaved: run 1 of every stop comes before run 2 of any. \"GPU and CPU differ by\" is the largest difference between two
logits on the same picture, as a share of the largest logit.

Yours belongs here: open the page, measure in the cardinality laboratory, press \"Copy my result\", and send the text as a pull request
with one file `docs/results/<adapter>-<browser>.json`. Then `cargo xtask results` writes this document from the files; a test sees
that it is what the command writes. `cargo xtask results --measure 3` measures on this machine's two software adapters first.
";

/// The whole document.
///
/// # Errors
/// The file that cannot be read, and why.
pub fn document(folder: &Path) -> Result<String, String> {
    let at = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut results: Vec<(String, LabResult)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| at(folder, &error))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let text = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            results.push((name, read(&text).map_err(|error| at(&path, &error))?));
        }
    }
    results.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(format!("{HEAD}{}", markdown(&results)))
}
