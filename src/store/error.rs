//! Why a file cannot be had, in words for the page.

use std::fmt;

use crate::weights::WeightError;

/// A file that did not come, or not as it should. `host` is the server asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    #[error("`{0}` is no address of a file; one that begins with https:// expected")]
    Address(String),
    #[error(
        "{host} cannot be reached ({reason}); check the connection. If it works for other files, this server does not \
         let web pages read its files (no CORS): download the file and open it from disk"
    )]
    Unreachable { host: String, reason: String },
    #[error("{host} answered {status}, a file (200) expected: {}", remedy(*status))]
    Status { host: String, status: u16 },
    #[error(
        "{host} sent a web page (HTML), a weights file expected; give the address of the file itself, not of the page \
         about it, and sign in first if the network asks for it"
    )]
    Html { host: String },
    #[error("the file at {host} has {got} bytes, {expected} expected; it is another file or another version of it")]
    Size { host: String, expected: u64, got: u64 },
    #[error(
        "{host} sent more than the {expected} bytes expected; it is another file or another version of it, or was \
         changed on the way"
    )]
    TooMuch { host: String, expected: u64 },
    #[error(
        "the transfer from {host} broke off after {} of {} ({reason}); try again: it goes on from there",
        Bytes(*got), expected.map_or_else(|| "an unknown number of bytes".to_owned(), |bytes| Bytes(bytes).to_string())
    )]
    Cut { host: String, got: u64, expected: Option<u64>, reason: String },
    #[error("the file at {host} was changed there while it was being downloaded; try again: it begins anew")]
    Changed { host: String },
    #[error(
        "the file from {host} is not the one expected: SHA-256 {expected} expected, got {got}. It was removed; try \
         again, and if that does not help, the file on the server is another one"
    )]
    Hash { host: String, expected: String, got: String },
    #[error("the download was cancelled; start it again: it goes on from there")]
    Cancelled,
    #[error("the browser removed part of the file from {host} from its cache; load the file again")]
    Evicted { host: String },
    #[error("{host} sent more than {limit} bytes for a small text file; another file is at this address")]
    TooLong { host: String, limit: u64 },
    #[error("the file cannot be read from disk ({0}); it may have been moved or changed: choose it again")]
    Disk(String),
}

impl FetchError {
    /// Whether asking again soon may help.
    pub fn passes(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Cut { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 429 | 500..),
            _ => false,
        }
    }
}

impl From<FetchError> for WeightError {
    fn from(error: FetchError) -> Self {
        Self::Source(error.to_string())
    }
}

fn remedy(status: u16) -> &'static str {
    match status {
        401 | 403 => "it is private or asks for a licence to be accepted; download it there and open it from disk",
        404 | 410 => "it is not there; check the address",
        429 => "it was asked too often; wait a minute and try again",
        500.. => "it has trouble of its own; try again later",
        _ => "this page cannot use that; download the file and open it from disk",
    }
}

/// `12.3 MB`, or the bytes where there are few.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ ..100_000 => write!(f, "{bytes} bytes"),
            bytes => write!(f, "{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        }
    }
}
