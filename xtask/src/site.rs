//! Writes the page's own address into dist/, where it is known. The page needs none, but whoever shows a preview of a link needs whole
//! addresses.

use std::fs;
use std::path::Path;

use crate::failure::Failure;

/// The variable that has the address, such as `https://example.org/cardinal/`.
pub const VARIABLE: &str = "CARDINAL_SITE";
const PAGE: &str = "index.html";
const PICTURE: &str = "<meta property=\"og:image\" content=\"assets/";

/// Makes the address of the preview's picture whole, and adds that of the page.
///
/// # Errors
///
/// Where the address is none, or index.html has no such picture.
pub fn address(dist: &Path, site: &str) -> Result<(), Failure> {
    let is_address = site.starts_with("https://") || site.starts_with("http://");
    if !is_address || !site.ends_with('/') || site.contains(['"', '<', ' ']) {
        let expected = "expected an address such as https://example.org/cardinal/, with the slash at its end";
        return Err(Failure::new(format!("{VARIABLE} is \"{site}\""), expected));
    }
    let path = dist.join(PAGE);
    let failed = |error: std::io::Error| Failure::new(format!("dist/{PAGE}: {error}"), "build the page again");
    let text = fs::read_to_string(&path).map_err(failed)?;
    let whole = format!(
        "<meta property=\"og:url\" content=\"{site}\" />\n    <meta property=\"og:image\" content=\"{site}assets/"
    );
    if !text.contains(PICTURE) {
        return Err(Failure::new(
            format!("dist/{PAGE} has no {PICTURE}"),
            "see that index.html and xtask/src/site.rs agree",
        ));
    }
    fs::write(&path, text.replace(PICTURE, &whole)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_gets_whole_addresses() {
        let dist = std::env::temp_dir().join(format!("cardinal-site-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a folder");
        let page = include_str!("../../index.html");
        fs::write(dist.join(PAGE), page).expect("room on the disk");
        for wrong in ["", "example.org/", "https://example.org", "https://example.org/\"/"] {
            assert!(address(&dist, wrong).is_err(), "{wrong}");
        }
        assert_eq!(fs::read_to_string(dist.join(PAGE)).expect("it is there"), page, "nothing has changed");
        address(&dist, "https://example.org/cardinal/").expect("it is an address");
        let written = fs::read_to_string(dist.join(PAGE)).expect("it is there");
        for line in [
            "<meta property=\"og:url\" content=\"https://example.org/cardinal/\" />",
            "<meta property=\"og:image\" content=\"https://example.org/cardinal/assets/app/social.png\" />",
        ] {
            assert!(written.contains(line), "{line}");
        }
        fs::remove_dir_all(&dist).expect("it is ours");
    }
}
