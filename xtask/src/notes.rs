//! `cargo xtask notes`: what CHANGELOG.md says of a version, for the text of a release.

use std::fs;

use crate::failure::Failure;
use crate::workspace::Workspace;

const FILE: &str = "CHANGELOG.md";

/// Prints the section of a version: `1.2.0` or `v1.2.0`, or what is unreleased.
///
/// # Errors
///
/// Where there is no such section, or nothing in it.
pub fn run(workspace: &Workspace, version: Option<&str>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{FILE}: {error}"), "it is part of the repository");
    let text = fs::read_to_string(workspace.root().join(FILE)).map_err(failed)?;
    let version = version.map_or("Unreleased", |version| version.trim_start_matches('v'));
    let section = section(&text, version).ok_or_else(|| {
        Failure::new(
            format!("{FILE} says nothing of {version}"),
            format!("write \"## {version}\" and what has changed"),
        )
    })?;
    println!("{section}");
    Ok(())
}

/// What stands below the heading of a version, to the next one; `## 1.2.0 (2026-12-01)` is the heading of 1.2.0.
fn section<'a>(text: &'a str, version: &str) -> Option<&'a str> {
    let is_heading = |line: &str| line.starts_with("## ");
    let is_its = |line: &str| line.strip_prefix("## ").and_then(|rest| rest.split_whitespace().next()) == Some(version);
    let mut at = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        match start {
            Some(start) if is_heading(line) => {
                return Some(text[start..at].trim()).filter(|section| !section.is_empty());
            }
            None if is_its(line) => start = Some(at + line.len()),
            _ => {}
        }
        at += line.len();
    }
    Some(text[start?..].trim()).filter(|section| !section.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n### Added\n\n* one\n\n## 0.1.0\n\n* two\n";

    #[test]
    fn a_section_ends_where_the_next_begins() {
        assert_eq!(section(TEXT, "0.2.0"), Some("### Added\n\n* one"));
        assert_eq!(section(TEXT, "0.1.0"), Some("* two"));
        assert_eq!(section(TEXT, "0.2"), None, "no other version's");
        assert_eq!(section(TEXT, "Unreleased"), None, "nothing is in it");
    }

    #[test]
    fn the_changelog_has_what_is_unreleased_or_released() {
        let text = include_str!("../../CHANGELOG.md");
        assert!(text.lines().any(|line| line.starts_with("## ")));
        let first = text.lines().find_map(|line| line.strip_prefix("## ")?.split_whitespace().next());
        assert!(section(text, first.expect("a version")).is_some());
    }
}
