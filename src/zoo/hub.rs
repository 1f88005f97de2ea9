//! The host of the large networks: its URLs, and its description of a repository.
//!
//! The interface is Hugging Face's: `/api/models/REPOSITORY/revision/main?blobs=true` names the newest commit and each file's
//! size and SHA-256, and `/REPOSITORY/resolve/COMMIT/FILE` is the file at that commit.

use serde_json::Value;

use crate::weights::unique_keys;

/// The host's URL, unless the page's URL names a mirror.
pub const HUB: &str = "https://huggingface.co";

/// The revision that is requested if the commit is not known.
const NEWEST: &str = "main";

/// A file as the host describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// The commit that the description belongs to.
    pub commit: Option<String>,
    /// The file's SHA-256, in hexadecimal digits; only files in Git LFS have one.
    pub sha256: Option<String>,
    /// The file's size in bytes.
    pub bytes: Option<u64>,
}

/// The URL of a repository's description.
pub fn description_url(hub: &str, repository: &str) -> String {
    format!("{hub}/api/models/{repository}/revision/{NEWEST}?blobs=true")
}

/// The URL of a file in a repository, at a commit or, without one, at the newest.
pub fn file_url(hub: &str, repository: &str, commit: Option<&str>, file: &str) -> String {
    format!("{}{}/{file}", resolved(hub, repository), commit.unwrap_or(NEWEST))
}

/// Whether `url` is the file of the repository, at any commit.
pub fn is_of(url: &str, hub: &str, repository: &str, file: &str) -> bool {
    let rest = url.strip_prefix(&resolved(hub, repository));
    rest.is_some_and(|rest| rest.split_once('/').is_some_and(|(_, name)| name == file))
}

fn resolved(hub: &str, repository: &str) -> String {
    format!("{hub}/{repository}/resolve/")
}

/// The URL of `file` in the same folder as `url`'s file; `None` if `url` has no path.
pub fn beside(url: &str, file: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    let (folder, _) = path.rsplit_once('/')?;
    (!folder.ends_with('/')).then(|| format!("{folder}/{file}"))
}

/// Reads a description from JSON; fields that are missing or malformed are `None`.
pub fn described(json: &str, file: &str) -> Described {
    let description = unique_keys::parse(json).unwrap_or_default();
    let text = |value: Option<&Value>, len: usize| {
        let text = value?.as_str().filter(|text| text.len() == len && text.chars().all(|c| c.is_ascii_hexdigit()));
        text.map(str::to_owned)
    };
    let is_file = |found: &&Value| found.get("rfilename").and_then(Value::as_str) == Some(file);
    let found = description.get("siblings").and_then(Value::as_array).and_then(|files| files.iter().find(is_file));
    let lfs = found.and_then(|found| found.get("lfs"));
    let size = |of: Option<&Value>| of?.get("size")?.as_u64();
    Described {
        commit: text(description.get("sha"), 40),
        sha256: text(lfs.and_then(|lfs| lfs.get("sha256")), 64),
        bytes: size(lfs).or_else(|| size(found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "model.safetensors";

    #[test]
    fn a_description_pins_commit_hash_and_size() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let sha256 = "cc9199e8a58fe8211160e8b711add9a56c13f5a35bde81aa6d1d396c0d7a0623";
        let json = format!(
            r#"{{"id": "timm/a", "sha": "{commit}", "siblings": [{{"rfilename": "README.md", "size": 5}},
                {{"rfilename": "{FILE}", "size": 100, "lfs": {{"sha256": "{sha256}", "size": 100, "pointerSize": 134}}}}]}}"#
        );
        let expected = Described { commit: Some(commit.into()), sha256: Some(sha256.into()), bytes: Some(100) };
        assert_eq!(described(&json, FILE), expected);
        assert_eq!(described(&json, "README.md").bytes, Some(5));
    }

    #[test]
    fn an_odd_description_leaves_things_open() {
        for json in
            ["", "<html>", "[]", r#"{"sha": "../../evil", "siblings": [{"rfilename": 3}]}"#, r#"{"siblings": 1}"#]
        {
            assert_eq!(described(json, FILE), Described::default(), "{json}");
        }
    }

    #[test]
    fn addresses() {
        let url = file_url(HUB, "timm/a.b", Some("abc"), FILE);
        assert_eq!(url, "https://huggingface.co/timm/a.b/resolve/abc/model.safetensors");
        assert!(is_of(&url, HUB, "timm/a.b", FILE));
        assert!(!is_of(&url, HUB, "timm/a", FILE));
        assert!(!is_of(&url, "http://127.0.0.1:1", "timm/a.b", FILE));
        assert_eq!(beside(&url, "config.json").unwrap(), file_url(HUB, "timm/a.b", Some("abc"), "config.json"));
        assert_eq!(beside("https://a.b/c.safetensors?x=/y", "config.json").unwrap(), "https://a.b/config.json");
        assert_eq!(beside("https://a.b", "config.json"), None);
    }
}
