//! Joins the stylesheets of the page's regions into one: over HTTP/1.1 a browser loads six files at a time, and the wasm of
//! page and worker would wait for the stylesheets.

use std::path::Path;
use std::{fs, io};

use crate::failure::Failure;
use crate::stamp::hash;

const PAGE: &str = "index.html";
const LINK: &str = "<link rel=\"stylesheet\" href=\"./";

const REMEDY: &str = "see how Trunk writes its stylesheets into dist/index.html, and follow it in xtask/src/styles.rs";

/// Joins the stylesheets of `dist`, in the order of index.html.
///
/// # Errors
///
/// Where a stylesheet or its link is missing, or cannot be written.
pub fn join(dist: &Path) -> Result<(), Failure> {
    let page = fs::read_to_string(dist.join(PAGE)).map_err(|error| failed(PAGE, &error))?;
    let (mut lines, mut styles, mut place) = (Vec::new(), String::new(), None);
    for line in page.lines() {
        let Some((name, _)) = line.trim().strip_prefix(LINK).and_then(|rest| rest.split_once('"')) else {
            lines.push(line.to_owned());
            continue;
        };
        place.get_or_insert(lines.len());
        styles += &fs::read_to_string(dist.join(name)).map_err(|error| failed(name, &error))?;
        fs::remove_file(dist.join(name)).map_err(|error| failed(name, &error))?;
    }
    let place = place.ok_or_else(|| Failure::new("dist/index.html has no stylesheet", REMEDY))?;
    let name = format!("cardinal-page-{}.css", hash(styles.as_bytes()));
    lines.insert(place, format!("    {LINK}{name}\"/>"));
    fs::write(dist.join(&name), styles).map_err(|error| failed(&name, &error))?;
    fs::write(dist.join(PAGE), lines.join("\n") + "\n").map_err(|error| failed(PAGE, &error))
}

fn failed(name: &str, error: &io::Error) -> Failure {
    Failure::new(format!("dist/{name}: {error}"), REMEDY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stylesheets_become_one_in_their_order() {
        let dist = std::env::temp_dir().join(format!("cardinal-styles-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a folder");
        let write = |name: &str, text: &str| fs::write(dist.join(name), text).expect("room on the disk");
        write("a-1.css", "a{}\n");
        write("b-2.css", "b{}\n");
        write(PAGE, &format!("<head>\n    {LINK}b-2.css\"/>\n    {LINK}a-1.css\"/>\n<script></script>\n</head>\n"));
        join(&dist).expect("all are there");
        let page = fs::read_to_string(dist.join(PAGE)).expect("it is there");
        let lines: Vec<&str> = page.lines().map(str::trim).collect();
        assert_eq!((lines.len(), lines[0], lines[2]), (4, "<head>", "<script></script>"), "{page}");
        let name = lines[1].strip_prefix(LINK).and_then(|rest| rest.strip_suffix("\"/>")).expect("a stylesheet");
        assert_eq!(fs::read_to_string(dist.join(name)).expect("it is there"), "b{}\na{}\n");
        assert!(!dist.join("a-1.css").exists() && !dist.join("b-2.css").exists());
        fs::remove_dir_all(&dist).expect("it is ours");
    }
}
