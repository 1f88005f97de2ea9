//! Why a file cannot be fetched, in words for the page.

use crate::decimal::bytes;
use crate::weights::WeightError;

/// Why a file cannot be fetched, or is not the file it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The text is no address.
    #[error("`{0}` is not the address of a file; an address that begins with https:// is expected")]
    Address(String),
    /// No response came, or the browser withholds it.
    #[error(
        "{host} cannot be reached ({reason}); check the connection. If it works for other files, this server does not \
         let web pages read its files (no CORS): download the file and open it from disk"
    )]
    Unreachable {
        /// The server.
        host: String,
        /// The browser's words.
        reason: String,
    },
    /// The browser has no network, and does not keep the file.
    #[error("you are offline, and the file is not kept in this browser")]
    Offline,
    /// The page's own server does not answer.
    #[error("the page's own server cannot be reached ({reason}); check the connection")]
    OwnServer {
        /// The browser's words.
        reason: String,
    },
    /// The server answered with something else than a file.
    #[error("{host} answered {status}, a file (200) expected: {}", remedy(*status))]
    Status {
        /// The server.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The server sent a web page.
    #[error(
        "{host} sent a web page (HTML), a weights file expected; give the address of the file itself, not of the page \
         about it, and sign in first if the network asks for it"
    )]
    Html {
        /// The server.
        host: String,
    },
    /// The file has another size than expected, in bytes.
    #[error("the file at {host} has {got} bytes, {expected} expected; it is another file or another version of it")]
    Size {
        /// The server.
        host: String,
        /// Bytes that the caller expects.
        expected: u64,
        /// Bytes that the server has.
        got: u64,
    },
    /// More bytes arrived than expected.
    #[error(
        "{host} sent more than the {expected} bytes expected; it is another file or another version of it, or was \
         changed on the way"
    )]
    TooMuch {
        /// The server.
        host: String,
        /// Bytes that the whole file should have.
        expected: u64,
    },
    /// The connection broke, again and again.
    #[error(
        "the transfer from {host} broke off after {} of {} ({reason}); try again: it goes on from there",
        bytes(*got), expected.map_or_else(|| "an unknown number of bytes".to_owned(), bytes)
    )]
    Interrupted {
        /// The server.
        host: String,
        /// Bytes of the file that have arrived.
        got: u64,
        /// Bytes of the whole file, where they are known.
        expected: Option<u64>,
        /// What broke it, in words.
        reason: String,
    },
    /// The server has another version of the file than the one whose beginning was downloaded.
    #[error("the file at {host} was changed there while it was being downloaded; try again: it starts over")]
    Changed {
        /// The server.
        host: String,
    },
    /// The file has another SHA-256 than expected, in hexadecimal digits.
    #[error(
        "the file from {host} is not the one expected: SHA-256 {expected} expected, got {got}. It was removed; try \
         again, and if that does not help, the server has a different file"
    )]
    Hash {
        /// The server.
        host: String,
        /// The SHA-256 that the caller expects.
        expected: String,
        /// The SHA-256 of what arrived.
        got: String,
    },
    /// The download was cancelled.
    #[error("the download was cancelled; start it again: it goes on from there")]
    Cancelled,
    /// The browser has removed a chunk from its cache.
    #[error("the browser removed part of the file from {host} from its cache; load the file again")]
    Evicted {
        /// The server.
        host: String,
    },
    /// A text is longer than `limit`, in bytes.
    #[error("{host} sent more than {limit} bytes for a small text file; another file is at this address")]
    TooLong {
        /// The server.
        host: String,
        /// Bytes of the longest text that is read.
        limit: u64,
    },
    /// The browser cannot read a file from disk, in its words.
    #[error("the file cannot be read from disk ({0}); it may have been moved or changed: choose it again")]
    Disk(String),
}

impl FetchError {
    /// Whether another attempt soon may succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Offline | Self::OwnServer { .. } | Self::Unreachable { .. } | Self::Interrupted { .. } => true,
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
        401 | 403 => {
            "the file is private or asks for a licence to be accepted; download it there and open it from disk"
        }
        404 | 410 => "the file is not there; check the address",
        429 => "it was asked too often; wait a minute and try again",
        500.. => "the server has failed; try again later",
        _ => "this page cannot use that; download the file and open it from disk",
    }
}
