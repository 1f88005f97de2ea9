//! `docs/results/`: every file is one that the page reads, and the table is the one that `cargo xtask results` writes.

#[path = "../../benches/common/results.rs"]
mod table;

use std::fs;
use std::path::Path;

#[test]
fn the_table_of_results_is_what_the_command_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/results");
    let written = fs::read_to_string(folder.join(table::DOCUMENT)).expect("the table");
    let now = table::document(&folder).expect("every file is a result");
    assert!(written.replace("\r\n", "\n") == now, "run `cargo xtask results`, which would write:\n{now}");
    let rows = now.lines().filter(|line| line.contains(".json](")).count();
    let files = fs::read_dir(&folder).expect("the folder").flatten();
    let files = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "json")).count();
    assert_eq!(rows, files, "a row per file");
    assert!(rows >= 2, "the two software adapters");
}
