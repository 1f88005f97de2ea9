//! Web pages that a server sends in place of a file, often with the content type of a file.

/// Bytes from the beginning that show whether a file is a web page.
pub(crate) const SNIFF_BYTES: usize = 512;

/// Whether a file that begins so is a web page (HTML).
pub(crate) fn is_html(beginning: &[u8]) -> bool {
    let beginning = &beginning[..beginning.len().min(SNIFF_BYTES)];
    let text = String::from_utf8_lossy(beginning).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<!doctype") || text.starts_with("<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_pages_are_recognised() {
        for page in ["<!DOCTYPE html>", "\n  <!doctype HTML>", "<HTML lang=en>", "\u{feff}<html>"] {
            assert!(is_html(page.as_bytes()), "{page:?}");
        }
    }

    #[test]
    fn other_files_are_not_web_pages() {
        // A safetensors file begins with the length of its header.
        for file in
            [&b"\x40\0\0\0\0\0\0\0{\"a\":{}}"[..], b"", b"{\"architecture\": \"<html>\"}", b"<?xml version='1.0'?>"]
        {
            assert!(!is_html(file), "{file:?}");
        }
        let late = [vec![b' '; SNIFF_BYTES], b"<html>".to_vec()].concat();
        assert!(!is_html(&late), "it begins after the bytes that are looked at");
    }
}
