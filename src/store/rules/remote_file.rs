//! What is known of a file on its server: its size, its version, and whether a part of it can be asked for.

use super::manifest::Resume;
use super::response_head::ResponseHead;
use crate::store::FetchError;

/// A file on its server. Every response adds to what is known of it, or shows that it is another file by now.
#[derive(Clone, Debug)]
pub(crate) struct RemoteFile {
    /// The server, for errors.
    host: String,
    /// Bytes that the caller expects.
    expected: Option<u64>,
    /// Bytes of the whole file, as far as they are known.
    total: Option<u64>,
    /// ETag or date of the version whose bytes have arrived.
    version: Option<String>,
    /// Whether a response can begin in the middle of the file.
    is_resumable: bool,
}

impl RemoteFile {
    /// A file that no server has been asked for yet. The caller expects it to have `expected` bytes.
    pub(crate) fn new(host: String, expected: Option<u64>) -> Self {
        Self { host, expected, total: expected, version: None, is_resumable: true }
    }

    /// What an earlier visit knew of it.
    pub(crate) fn resume(&mut self, resume: &Resume) {
        self.total = Some(resume.total);
        self.version.clone_from(&resume.version);
    }

    /// Bytes of the whole file, as far as they are known.
    pub(crate) fn total(&self) -> Option<u64> {
        self.total
    }

    /// What identifies the version whose bytes have arrived.
    pub(crate) fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The offset from which to ask, when `arrived` bytes are there.
    pub(crate) fn resume_offset(&self, arrived: u64) -> u64 {
        if self.is_resumable { arrived } else { 0 }
    }

    /// Whether the server has another version by now than the one whose beginning has arrived.
    pub(crate) fn is_other_version(&self, head: &ResponseHead) -> bool {
        let is_tag = |version: &str| version.ends_with('"');
        let versions_differ = match (&self.version, &head.version) {
            // A tag and a date cannot be compared.
            (Some(old), Some(new)) => is_tag(old) == is_tag(new) && old != new,
            _ => false,
        };
        let totals_differ = match (self.total, head.total) {
            (Some(old), Some(new)) => self.is_resumable && head.is_total_certain && old != new,
            _ => false,
        };
        versions_differ || totals_differ
    }

    /// Forgets the version that had begun to arrive: it is not on the server any more.
    pub(crate) fn forget_version(&mut self) {
        self.version = None;
        self.total = self.expected;
    }

    /// Takes down what the head of a response says.
    ///
    /// # Errors
    /// The file has another size than expected.
    pub(crate) fn learn(&mut self, head: &ResponseHead) -> Result<(), FetchError> {
        if head.start == 0 {
            self.version.clone_from(&head.version);
        }
        match (self.expected, head.total) {
            (Some(expected), Some(got)) if head.is_total_certain && got != expected => {
                return Err(FetchError::Size { host: self.host.clone(), expected, got });
            }
            (None, total) if total.is_some() || head.start == 0 => self.total = total,
            _ => {}
        }
        if head.start == 0 {
            self.is_resumable = head.length.is_some() || head.is_total_certain;
        }
        Ok(())
    }

    /// Admits bytes of a response up to the offset `end` of the file. More than the server announced means that the
    /// announcement was the length of compressed bytes: it is forgotten.
    ///
    /// # Errors
    /// They are more than the file can have.
    pub(crate) fn admit(&mut self, head: &ResponseHead, end: u64) -> Result<(), FetchError> {
        let Some(total) = self.total.filter(|&total| end > total) else { return Ok(()) };
        if self.expected.is_some() || head.start > 0 {
            return Err(FetchError::TooMuch { host: self.host.clone(), expected: total });
        }
        self.total = None;
        self.is_resumable = false;
        Ok(())
    }

    /// A response has ended after `received` bytes of its own, with `arrived` bytes of the file there.
    ///
    /// # Errors
    /// That is not the whole file.
    pub(crate) fn end(&mut self, head: &ResponseHead, received: u64, arrived: u64) -> Result<(), FetchError> {
        match (self.total, self.expected) {
            (Some(total), _) if arrived == total => Ok(()),
            // All that was announced has arrived, and it is not what was expected.
            (_, Some(expected)) if head.length == Some(received) => {
                Err(FetchError::Size { host: self.host.clone(), expected, got: arrived })
            }
            (Some(_), _) => Err(self.interrupted(arrived, "the server sent less than it announced".into())),
            (None, _) => {
                self.total = Some(arrived);
                Ok(())
            }
        }
    }

    /// The error of a transfer that stopped after `arrived` bytes of the file.
    pub(crate) fn interrupted(&self, arrived: u64, reason: String) -> FetchError {
        FetchError::Interrupted { host: self.host.clone(), got: arrived, expected: self.total, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(start: u64, length: Option<u64>, is_total_certain: bool, version: Option<&str>) -> ResponseHead {
        let (total, version) = (length.map(|length| start + length), version.map(str::to_owned));
        ResponseHead { start, length, total, is_total_certain, version }
    }

    fn file(expected: Option<u64>) -> RemoteFile {
        RemoteFile::new("host".into(), expected)
    }

    #[test]
    fn a_cut_transfer_goes_on_from_where_it_was_cut() {
        let mut file = file(None);
        let whole = head(0, Some(10), true, Some("\"v1\""));
        file.learn(&whole).unwrap();
        assert_eq!((file.total(), file.version(), file.resume_offset(6)), (Some(10), Some("\"v1\""), 6));
        file.admit(&whole, 6).unwrap();
        assert!(matches!(file.end(&whole, 6, 6), Err(FetchError::Interrupted { got: 6, expected: Some(10), .. })));
        let rest = head(6, Some(4), true, None);
        assert!(!file.is_other_version(&rest), "it does not say which it is");
        file.learn(&rest).unwrap();
        assert_eq!((file.end(&rest, 4, 10), file.version()), (Ok(()), Some("\"v1\"")));
    }

    #[test]
    fn another_version_is_recognised_by_its_tag_its_date_or_its_size() {
        let mut file = file(None);
        file.learn(&head(0, Some(10), true, Some("\"v1\""))).unwrap();
        let is_other = |file: &RemoteFile, length, certain, version| {
            file.is_other_version(&head(6, Some(length), certain, version))
        };
        assert!(!is_other(&file, 4, true, Some("\"v1\"")));
        assert!(is_other(&file, 4, true, Some("\"v2\"")));
        assert!(!is_other(&file, 4, true, Some("Mon, 01 Jan 2024")), "a tag and a date cannot be compared");
        assert!(is_other(&file, 5, true, Some("\"v1\"")), "the size differs");
        assert!(!is_other(&file, 5, false, Some("\"v1\"")), "the size may be that of compressed bytes");
        file.forget_version();
        assert_eq!((file.total(), file.version()), (None, None));
    }

    #[test]
    fn a_later_visit_compares_with_what_the_first_knew() {
        let mut file = file(None);
        let version = Some("\"v1\"".to_owned());
        file.resume(&Resume { chunks: 1, arrived: 6, total: 10, version, is_complete: false, sha256: None });
        assert_eq!((file.total(), file.resume_offset(6)), (Some(10), 6));
        assert!(!file.is_other_version(&head(6, Some(4), true, Some("\"v1\""))));
        assert!(file.is_other_version(&head(0, Some(10), true, Some("\"v2\""))));
    }

    #[test]
    fn an_expected_size_is_demanded() {
        let mut known = file(Some(10));
        assert_eq!(known.total(), Some(10));
        let longer = known.learn(&head(0, Some(11), true, None));
        assert_eq!(longer, Err(FetchError::Size { host: "host".into(), expected: 10, got: 11 }));
        // From another origin the announced size is not certain: what arrives decides.
        let uncertain = head(0, Some(11), false, None);
        known.learn(&uncertain).unwrap();
        assert_eq!(known.total(), Some(10));
        let more = known.admit(&uncertain, 11);
        assert_eq!(more, Err(FetchError::TooMuch { host: "host".into(), expected: 10 }));
        let all = head(0, Some(9), false, None);
        assert!(matches!(known.end(&all, 9, 9), Err(FetchError::Size { expected: 10, got: 9, .. })));
        assert!(matches!(known.end(&all, 8, 8), Err(FetchError::Interrupted { got: 8, .. })));
    }

    #[test]
    fn more_than_announced_is_a_hidden_compression() {
        let mut file = file(None);
        let whole = head(0, Some(5), false, None);
        file.learn(&whole).unwrap();
        assert_eq!((file.total(), file.resume_offset(5)), (Some(5), 5));
        file.admit(&whole, 5).unwrap();
        file.admit(&whole, 6).unwrap();
        assert_eq!((file.total(), file.resume_offset(6)), (None, 0), "a compressed response has no ranges");
        assert_eq!((file.end(&whole, 9, 9), file.total()), (Ok(()), Some(9)));
        // A range is never compressed.
        let rest = head(6, Some(3), true, None);
        assert!(matches!(file.admit(&rest, 10), Err(FetchError::TooMuch { expected: 9, .. })));
    }

    #[test]
    fn without_a_length_the_end_tells_the_size() {
        let mut file = file(None);
        let compressed = head(0, None, false, None);
        file.learn(&compressed).unwrap();
        assert_eq!((file.total(), file.resume_offset(7)), (None, 0));
        assert_eq!((file.end(&compressed, 7, 7), file.total()), (Ok(()), Some(7)));
    }
}
