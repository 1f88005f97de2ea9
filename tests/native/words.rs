//! No phrase that was taken out of the page is left in what a person reads.

use std::fs;
use std::path::Path;

use crate::common::retired::RETIRED;
use crate::structure::sources;

/// Files beside the sources with words for the visitor.
const OTHERS: [&str; 4] = ["index.html", "worker.js", "assets/samples/samples.json", "assets/models/README.md"];

/// Rust without the lines that are comments, and with every text in one line.
fn texts(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    lines.map(|line| line.strip_suffix('\\').map_or_else(|| format!("{line}\n"), str::to_owned)).collect()
}

#[test]
fn no_retired_phrase_is_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = sources::all().into_iter().map(|(path, source)| (path, texts(&source))).collect();
    for path in OTHERS {
        files.push((path.to_owned(), fs::read_to_string(root.join(path)).unwrap()));
    }
    let mut left = Vec::new();
    for (path, text) in &files {
        left.extend(RETIRED.iter().filter(|phrase| text.contains(*phrase)).map(|phrase| format!("{path}: {phrase}")));
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn a_text_over_two_lines_is_one() {
    let source = "// Tune again\nlet text = \"Tune \\\n            again\";";
    assert_eq!(texts(source), "let text = \"Tune again\";\n");
}
