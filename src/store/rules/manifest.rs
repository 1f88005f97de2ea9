//! What the cache remembers of a file beside its chunks, and how a later visit goes on from there.

use crate::store::CHUNK_BYTES;

const TOTAL: &str = "x-cardinal-bytes";
const VERSION: &str = "x-cardinal-version";
const SHA256: &str = "x-cardinal-sha256";
const COMPLETE: &str = "x-cardinal-complete";

/// What the cache remembers of a file beside its chunks; stored as the headers of an empty response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// Bytes of the whole file.
    pub total: Option<u64>,
    /// The server's version of it: `ResponseHead::version`.
    pub version: Option<String>,
    /// The SHA-256 that the file must have, and has if it is complete.
    pub sha256: Option<String>,
    /// Whether every chunk is there.
    pub complete: bool,
}

/// Where a download goes on from what the cache has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resume {
    /// Chunks that can be used, from the first on.
    pub chunks: u64,
    /// Bytes of those chunks.
    pub arrived: u64,
    /// Bytes of the whole file.
    pub total: u64,
    /// The server's version of it.
    pub version: Option<String>,
    /// Whether the whole file is there, as an earlier visit found at its end.
    pub is_complete: bool,
    /// The SHA-256 that a complete file was found to have.
    pub sha256: Option<String>,
}

impl Manifest {
    /// The headers that stand for it.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let fields = [
            (TOTAL, self.total.map(|total| total.to_string())),
            (VERSION, self.version.clone()),
            (SHA256, self.sha256.clone()),
            (COMPLETE, self.complete.then(|| "yes".to_owned())),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// Reads it from the headers that stand for it.
    pub(crate) fn from_headers(header: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            total: header(TOTAL).and_then(|bytes| bytes.parse().ok()),
            version: header(VERSION),
            sha256: header(SHA256),
            complete: header(COMPLETE).is_some(),
        }
    }

    /// Where to go on, when the first `chunks` chunks are in the cache; `None` where they are not of the file that is asked
    /// for, of which the caller may know the size in bytes and the SHA-256.
    pub(crate) fn resume(&self, chunks: u64, bytes: Option<u64>, sha256: Option<&str>) -> Option<Resume> {
        // Without its size, a part of a file cannot be told from a part of another version.
        let total = self.total?;
        let is_other_size = bytes.is_some_and(|bytes| bytes != total);
        let is_other_hash = sha256.is_some_and(|wanted| self.sha256.as_deref().is_some_and(|own| own != wanted));
        if is_other_size || is_other_hash {
            return None;
        }
        // The last chunk counts in a complete file only: otherwise it may be shorter than it should be.
        let is_complete = self.complete && chunks >= total.div_ceil(CHUNK_BYTES);
        let (chunks, arrived) = if is_complete {
            (total.div_ceil(CHUNK_BYTES), total)
        } else {
            let whole = chunks.min(total / CHUNK_BYTES);
            (whole, whole * CHUNK_BYTES)
        };
        let sha256 = self.sha256.clone().filter(|_| is_complete);
        Some(Resume { chunks, arrived, total, version: self.version.clone(), is_complete, sha256 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTAL_BYTES: u64 = 2 * CHUNK_BYTES + 5;

    fn manifest(complete: bool) -> Manifest {
        let (version, sha256) = (Some("\"v1\"".into()), Some("ab".into()));
        Manifest { total: Some(TOTAL_BYTES), version, sha256, complete }
    }

    #[test]
    fn headers_and_back() {
        for manifest in [Manifest::default(), manifest(false), manifest(true)] {
            let headers: Vec<_> = manifest.headers().collect();
            let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            assert_eq!(Manifest::from_headers(header), manifest);
        }
        assert_eq!(Manifest::default().headers().count(), 0);
        assert_eq!(Manifest::from_headers(|name| (name == TOTAL).then(|| "ten".into())), Manifest::default());
    }

    #[test]
    fn a_complete_file_needs_no_request() {
        let resume = manifest(true).resume(3, Some(TOTAL_BYTES), Some("ab")).unwrap();
        assert!(resume.is_complete);
        assert_eq!((resume.chunks, resume.arrived, resume.sha256.as_deref()), (3, TOTAL_BYTES, Some("ab")));
    }

    #[test]
    fn a_part_goes_on_after_its_last_whole_chunk() {
        for (manifest, chunks, usable) in [(manifest(false), 1, 1), (manifest(false), 3, 2), (manifest(true), 2, 2)] {
            let resume = manifest.resume(chunks, None, None).unwrap();
            assert_eq!((resume.chunks, resume.arrived), (usable, usable * CHUNK_BYTES));
            assert!(!resume.is_complete);
            assert_eq!(resume.sha256, None, "a part was compared with no hash");
        }
    }

    #[test]
    fn whole_chunks_alone_do_not_make_a_file_complete() {
        let manifest = Manifest { total: Some(2 * CHUNK_BYTES), ..manifest(false) };
        let resume = manifest.resume(2, None, None).unwrap();
        assert_eq!((resume.arrived, resume.is_complete), (resume.total, false), "it was not compared with its hash");
    }

    #[test]
    fn another_file_is_not_resumed() {
        assert_eq!(manifest(true).resume(3, Some(TOTAL_BYTES + 1), None), None);
        assert_eq!(manifest(true).resume(3, None, Some("cd")), None);
        assert_eq!(Manifest { total: None, ..manifest(false) }.resume(1, None, None), None);
        let unhashed = Manifest { sha256: None, ..manifest(true) };
        assert!(unhashed.resume(3, None, Some("cd")).is_some(), "its hash is still to be compared");
    }
}
