//! One request and its response: the head at once, the body as a stream.

use js_sys::{Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, Response};

use super::file_url::FileUrl;
use crate::platform::{call, get, is_offline, set, words};
use crate::store::FetchError;
use crate::store::rules::response_head::{HeadError, ResponseHead};

/// A response whose body is still to be read. Dropped, it aborts the request.
pub(super) struct ResponseStream {
    head: ResponseHead,
    reader: Option<ReadableStreamDefaultReader>,
    _abort: AbortOnDrop,
}

struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl ResponseStream {
    /// Asks for the file from offset `from` on, of the `version` whose beginning has arrived. A server that cannot do that
    /// sends the whole file: [`ResponseHead::start`] says which. With `no_store`, the browser's own HTTP cache is left out.
    ///
    /// # Errors
    /// The server cannot be reached, or does not send the file.
    pub(super) async fn open(
        address: &FileUrl,
        from: u64,
        version: Option<&str>,
        no_store: bool,
    ) -> Result<Self, FetchError> {
        if from > 0
            && let Some(rest) = Self::request(address, from, version, no_store).await?
        {
            return Ok(rest);
        }
        let whole = Self::request(address, 0, None, no_store).await?;
        // 206: a range that nobody asked for.
        whole.ok_or_else(|| FetchError::Status { host: address.host.clone(), status: 206 })
    }

    /// Sends one request; `None` where the server does not serve the range.
    async fn request(
        address: &FileUrl,
        from: u64,
        version: Option<&str>,
        no_store: bool,
    ) -> Result<Option<Self>, FetchError> {
        let host = || address.host.clone();
        let unreachable = |error: JsValue| match words(&error) {
            _ if is_offline() => FetchError::Offline,
            reason if address.is_own => FetchError::OwnServer { reason },
            reason => FetchError::Unreachable { host: host(), reason },
        };
        let abort = AbortOnDrop(AbortController::new().map_err(unreachable)?);
        let init = Object::new();
        set(&init, "signal", &abort.0.signal());
        if no_store || from > 0 {
            // The file is not to be cached twice.
            set(&init, "cache", &"no-store".into());
        }
        if from > 0 {
            let headers = Headers::new().map_err(unreachable)?;
            let _ = headers.set("range", &format!("bytes={from}-"));
            // A server of another origin would have to permit this header; its versions are compared when it has answered.
            if let Some(version) = version.filter(|version| address.is_own && !version.starts_with("W/")) {
                let _ = headers.set("if-range", version);
            }
            set(&init, "headers", &headers);
        }
        let response = call("fetch", &address.href.as_str().into(), &init).await.map_err(unreachable)?;
        let response: Response = response.unchecked_into();
        let headers = response.headers();
        let header = |name: &str| headers.get(name).ok().flatten();
        let is_cross_origin = get(&response, "type").as_string().is_some_and(|kind| kind == "cors");
        match ResponseHead::read(from, response.status(), is_cross_origin, header) {
            Ok(head) => {
                let reader = response.body().map(|body| body.get_reader().unchecked_into());
                Ok(Some(Self { head, reader, _abort: abort }))
            }
            Err(HeadError::RangeNotServed) => Ok(None),
            Err(HeadError::Status(status)) => Err(FetchError::Status { host: host(), status }),
            Err(HeadError::Html) => Err(FetchError::Html { host: host() }),
        }
    }

    pub(super) fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The next bytes of the body, still outside of WASM memory; `None` at its end.
    ///
    /// # Errors
    /// Why the connection broke, in words.
    pub(super) async fn next(&self) -> Result<Option<Uint8Array>, String> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let chunk = JsFuture::from(reader.read()).await.map_err(|error| words(&error))?;
        Ok(get(&chunk, "value").dyn_into().ok())
    }
}
