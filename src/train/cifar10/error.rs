//! Why an archive or a file of CIFAR-10 cannot be used.

/// Why an archive or a file of CIFAR-10 cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum ArchiveError {
    #[error(
        "this is no archive of CIFAR-10 ({0}); expected cifar-10-binary.tar.gz or cifar-10-python.tar.gz as its home page has them"
    )]
    NotAnArchive(&'static str),
    #[error("{file} belongs to {what}; expected cifar-10-binary.tar.gz or cifar-10-python.tar.gz")]
    Other { file: String, what: &'static str },
    #[error("the archive ends within {file}: expected {expected} bytes, got {got}; fetch it again")]
    Truncated { file: String, expected: u64, got: u64 },
    #[error(
        "the archive has {trained} training and {tested} test pictures of CIFAR-10; expected five files data_batch and one \
         test_batch"
    )]
    Missing { trained: usize, tested: usize },
    #[error("{file}: expected records of {expected} bytes, got {got} bytes")]
    Records { file: String, expected: usize, got: usize },
    #[error("{file}: expected classes from 0 to 9, got {got}")]
    Class { file: String, got: usize },
    #[error("{file}: expected {what} as Python 2 writes it; use cifar-10-binary.tar.gz")]
    Pickle { file: String, what: &'static str },
}
