//! What the visitor brings: files of a folder, and addresses.

use super::file_kind::FileKind;
use crate::image::is_svg;

/// The most pictures that are kept at a time.
pub const MOST_PICTURES: usize = 48;

/// Endings of pictures, for which some systems state no kind.
const PICTURES: [&str; 12] =
    [".jpg", ".jpeg", ".jfif", ".png", ".apng", ".webp", ".gif", ".bmp", ".avif", ".heic", ".heif", ".svg"];

fn ends(name: &str, endings: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    endings.iter().any(|end| name.ends_with(end))
}

/// Whether a file is a drawing (SVG), which only the page's own thread can draw: by its first kilobyte.
#[must_use]
pub fn is_drawing(start: &[u8]) -> bool {
    is_svg(start)
}

/// Whether a file of a folder is one that the page reads: folders have many others.
#[must_use]
pub fn belongs(name: &str, kind: &str) -> bool {
    is_picture(name, kind) || FileKind::of(name, &[]) != FileKind::Picture
}

/// Whether a file of a folder is a picture, by its kind or its ending.
#[must_use]
pub fn is_picture(name: &str, kind: &str) -> bool {
    kind.starts_with("image/") || ends(name, &PICTURES)
}

/// Whether a file is an archive, such as that of CIFAR-10.
#[must_use]
pub fn is_archive(name: &str) -> bool {
    ends(name, &[".tar.gz", ".tgz", ".tar"])
}

/// The address in a text that is nothing but one.
#[must_use]
pub fn address(text: &str) -> Option<&str> {
    // A list of addresses may begin with comments.
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let is_one = ["https://", "http://", "data:", "blob:"]
        .iter()
        .any(|start| line.get(..start.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(start)));
    (is_one && !line.contains(char::is_whitespace)).then_some(line)
}

/// What the file at an address is called: the last part of its path, or its host.
#[must_use]
pub fn name_at(address: &str) -> String {
    if !address.contains("://") {
        return String::new();
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    name.replace("%20", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_other_files() {
        assert!(belongs("IMG_1.HEIC", "") && belongs("x", "image/png") && belongs("config.json", "application/json"));
        assert!(!belongs("Thumbs.db", "") && !belongs(".DS_Store", ""));
    }

    #[test]
    fn an_address_is_all_of_its_text() {
        assert_eq!(address("# dragged\r\nhttps://example.org/a.jpg\r\n"), Some("https://example.org/a.jpg"));
        assert_eq!(address(" HTTPS://example.org "), Some("HTTPS://example.org"));
        assert_eq!(address("data:image/gif;base64,R0lG"), Some("data:image/gif;base64,R0lG"));
        for text in ["", "see https://example.org", "https://example.org is nice", "javascript:alert(1)", "cat.jpg"] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_at_an_address_has_a_name() {
        assert_eq!(name_at("https://example.org/a/my%20cat.jpg?width=3#x"), "my cat.jpg");
        assert_eq!(name_at("https://example.org/"), "example.org");
        assert_eq!(name_at("data:image/gif;base64,R0lG"), "");
    }
}
