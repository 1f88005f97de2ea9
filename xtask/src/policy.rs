//! The Content-Security-Policy of index.html: its inline scripts by their SHA-256, so that no other runs.
//!
//! Trunk writes a script of its own into the page, and the names of the workers' files are stamped into another, so the hashes are those
//! of the page as it was built. A nonce would have to differ each time that the page is sent, and nothing of a static file does.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// The variable by which Trunk tells its hooks where it builds.
const STAGING: &str = "TRUNK_STAGING_DIR";

const PAGE: &str = "index.html";
/// What the hashes follow.
const SCRIPTS: &str = "script-src 'self'";

const REMEDY: &str = "see the policy in index.html, and follow it in xtask/src/policy.rs";

/// Does so for the page that Trunk is building, which calls this (`Trunk.toml`): so the page runs under `trunk serve` too.
///
/// # Errors
///
/// As [`write`], and where Trunk does not call it.
pub fn of_trunk() -> Result<(), Failure> {
    let staging = std::env::var_os(STAGING)
        .ok_or_else(|| Failure::new(format!("{STAGING} is not set"), "this is Trunk's part: run cargo xtask build"))?;
    write(Path::new(&staging))
}

/// Writes the hashes of the page's inline scripts into its policy, in place of those that are there.
///
/// # Errors
///
/// Where the page cannot be read or written, or has no such policy.
pub fn write(dist: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{}/{PAGE}: {error}", dist.display()), REMEDY);
    let path = dist.join(PAGE);
    let page = fs::read_to_string(&path).map_err(failed)?;
    let page = with_hashes(&page)
        .ok_or_else(|| Failure::new(format!("{}/{PAGE} has no policy with {SCRIPTS}", dist.display()), REMEDY))?;
    fs::write(path, page).map_err(failed)
}

fn with_hashes(page: &str) -> Option<String> {
    let (before, after) = page.split_once(SCRIPTS)?;
    let (sources, rest) = after.split_once(';')?;
    let kept = sources.split_whitespace().filter(|source| !source.starts_with("'sha256-")).map(str::to_owned);
    let hashes =
        inline_scripts(page).map(|script| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))));
    let sources: String = hashes.chain(kept).map(|source| format!(" {source}")).collect();
    Some(format!("{before}{SCRIPTS}{sources};{rest}"))
}

/// What is between the tags of each script without an address.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    let scripts = page.split("<script").skip(1);
    scripts.filter_map(|script| {
        let (attributes, rest) = script.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'";

    #[test]
    fn each_inline_script_is_allowed_by_its_hash_and_no_other() {
        let page = format!(
            "<meta content=\"{POLICY}\" /><script>1\n</script><script type=\"module\">2</script><script src=\"a.js\"></script>"
        );
        // `printf '1\n' | openssl dgst -sha256 -binary | base64`
        let [one, two] =
            ["Q1WkaxnTSNwvV8BG+O9j1FOOu5NgAPPJ7pVKJ0YN2GU=", "1HNeOiZeFu7gP1lxi5tdAwGcB9i2xR+Q2jpmbuwTqzU="];
        let written = with_hashes(&page).expect("it has a policy");
        let allowed = format!("script-src 'self' 'sha256-{one}' 'sha256-{two}' 'wasm-unsafe-eval'; base-uri");
        assert!(written.contains(&allowed), "{written}");
        assert_eq!(with_hashes(&written).as_deref(), Some(&*written), "a second time changes nothing");
        let changed = written.replace(">2<", ">1\n<");
        assert!(!with_hashes(&changed).expect("it has a policy").contains(two), "what is not there is not allowed");
    }

    #[test]
    fn the_source_of_the_page_has_a_policy_for_scripts() {
        let page = include_str!("../../index.html");
        assert!(with_hashes(page).is_some_and(|page| page.matches("'sha256-").count() == 2));
        assert!(!page.contains("nonce"), "a nonce that never changes protects nothing");
        assert!(with_hashes("<script>1</script>").is_none());
    }
}
