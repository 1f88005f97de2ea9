//! One request and what comes back: headers first, then bytes.

use js_sys::{Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, Response};

use super::address::Address;
use crate::platform::{call, get, set, words};
use crate::store::FetchError;

/// A response whose bytes are still to be read. Dropped, it is aborted.
pub(super) struct Flight {
    /// Where in the file its first byte belongs.
    pub start: u64,
    /// Bytes that this response announces; `None` where they are not those of the file (it was compressed).
    pub length: Option<u64>,
    /// Bytes of the whole file, as far as the server says.
    pub total: Option<u64>,
    /// Whether `total` can be relied upon. Another server may compress without this page being told.
    pub sure: bool,
    /// The server's word for this version of the file: its ETag, or else the date of its last change, which every
    /// server may tell.
    pub version: Option<String>,
    reader: Option<ReadableStreamDefaultReader>,
    _line: Line,
}

/// Ends the request when it goes.
struct Line(AbortController);

impl Drop for Line {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How an answer to a request for the rest of a file can be used.
enum Answer {
    Flight(Flight),
    /// The rest is not to be had by itself: ask for the whole.
    NoRest,
}

impl Flight {
    /// Asks for the file from the byte `from` on, of the `version` whose beginning is there already. A server that does
    /// not do that sends the whole: see `start`.
    pub(super) async fn ask(
        address: &Address,
        from: u64,
        version: Option<&str>,
        fresh: bool,
    ) -> Result<Self, FetchError> {
        if from > 0
            && let Answer::Flight(flight) = once(address, from, version, fresh).await?
        {
            return Ok(flight);
        }
        match once(address, 0, None, fresh).await? {
            Answer::Flight(flight) => Ok(flight),
            Answer::NoRest => Err(FetchError::Status { host: address.host.clone(), status: 206 }),
        }
    }

    /// The next bytes, still outside WASM memory; `None` at the end.
    pub(super) async fn next(&self) -> Result<Option<Uint8Array>, String> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let chunk = JsFuture::from(reader.read()).await.map_err(|error| words(&error))?;
        Ok(get(&chunk, "value").dyn_into().ok())
    }

    fn new(response: &Response, start: u64, line: Line) -> Self {
        let header = |name| response.headers().get(name).ok().flatten();
        let part = start > 0;
        let plain = header("content-encoding").is_none_or(|encoding| encoding == "identity");
        let length: Option<u64> = header("content-length").filter(|_| plain).and_then(|bytes| bytes.parse().ok());
        let ranged = content_range(header("content-range")).and_then(|(_, total)| total);
        // Browsers ask for uncompressed bytes where they ask for a part.
        let sure = plain && (part || get(response, "type").as_string().is_none_or(|kind| kind != "cors"));
        Self {
            start,
            length,
            total: if part { ranged.or(length.map(|length| start + length)) } else { length },
            sure,
            version: header("etag").or_else(|| header("last-modified")),
            reader: response.body().map(|body| body.get_reader().unchecked_into()),
            _line: line,
        }
    }
}

/// Sends one request and checks the head of the answer.
async fn once(address: &Address, from: u64, version: Option<&str>, fresh: bool) -> Result<Answer, FetchError> {
    let host = || address.host.clone();
    let unreachable = |error: JsValue| FetchError::Unreachable { host: host(), reason: words(&error) };
    let line = Line(AbortController::new().map_err(unreachable)?);
    let init = Object::new();
    set(&init, "signal", &line.0.signal());
    if fresh || from > 0 {
        // Two caches for one file are one too many.
        set(&init, "cache", &"no-store".into());
    }
    if from > 0 {
        let headers = Headers::new().map_err(unreachable)?;
        let _ = headers.set("range", &format!("bytes={from}-"));
        // Another server would have to permit this header; there, versions are compared when the answer is in.
        if let Some(version) = version.filter(|version| address.own && !version.starts_with("W/")) {
            let _ = headers.set("if-range", version);
        }
        set(&init, "headers", &headers);
    }
    let response: Response =
        call("fetch", &address.href.as_str().into(), &init).await.map_err(unreachable)?.unchecked_into();
    let header = |name| response.headers().get(name).ok().flatten();
    match response.status() {
        416 if from > 0 => return Ok(Answer::NoRest),
        // Hidden from this page, the status alone says that the rest comes.
        206 if content_range(header("content-range")).is_some_and(|(start, _)| start != from) => {
            return Ok(Answer::NoRest);
        }
        206 if from > 0 => {}
        200 => {}
        status => return Err(FetchError::Status { host: host(), status }),
    }
    if header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html")) {
        return Err(FetchError::Html { host: host() });
    }
    let start = if response.status() == 206 { from } else { 0 };
    Ok(Answer::Flight(Flight::new(&response, start, line)))
}

/// The first byte and the size of the whole in `bytes 5-9/10`.
fn content_range(header: Option<String>) -> Option<(u64, Option<u64>)> {
    let header = header?;
    let (range, total) = header.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, total.parse().ok()))
}
