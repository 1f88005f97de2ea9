//! Small text files beside the weights, such as `config.json`.

use super::file_url::FileUrl;
use super::response_stream::ResponseStream;
use crate::store::FetchError;

/// Bytes of the longest text that [`text`] reads.
pub const MAX_TEXT_BYTES: u64 = 1_000_000;

/// The text at an address; `None` where there is none: a 404, or the web page that some servers send in its place.
///
/// # Errors
/// The server cannot be reached or answers otherwise, or the text is longer than [`MAX_TEXT_BYTES`].
pub async fn text(url: &str) -> Result<Option<String>, FetchError> {
    let address = FileUrl::parse(url).ok_or_else(|| FetchError::Address(url.to_owned()))?;
    let response = match ResponseStream::open(&address, 0, None, false).await {
        Ok(response) => response,
        Err(FetchError::Html { .. } | FetchError::Status { status: 404, .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let head = response.head();
    let mut bytes = Vec::new();
    let reason = loop {
        match response.next().await {
            Ok(Some(next)) if bytes.len() as u64 + u64::from(next.length()) > MAX_TEXT_BYTES => {
                return Err(FetchError::TooLong { host: address.host, limit: MAX_TEXT_BYTES });
            }
            Ok(Some(next)) => bytes.extend(next.to_vec()),
            Ok(None) if head.is_total_certain && head.total.is_some_and(|total| total > bytes.len() as u64) => {
                break "the server sent less than it announced".to_owned();
            }
            Ok(None) => return Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(reason) => break reason,
        }
    };
    Err(FetchError::Interrupted { host: address.host, got: bytes.len() as u64, expected: head.total, reason })
}
