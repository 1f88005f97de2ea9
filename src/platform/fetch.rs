//! Small files of the page's own server.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::js::{call, is_offline, words};

/// Fetches a small file of the page's own, by its path relative to the page.
///
/// # Errors
/// Why it cannot be fetched, as a sentence; a transfer that breaks off is an error.
pub async fn fetch(path: &str) -> Result<Vec<u8>, String> {
    let unreachable = |error: JsValue| match is_offline() {
        true => "You are offline, and this was not kept in this browser".to_owned(),
        false => format!("The page's own server cannot be reached ({})", words(&error)),
    };
    let response = call("fetch", &path.into(), &JsValue::UNDEFINED).await.map_err(unreachable)?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(format!("The server answered {} for {path}", response.status()));
    }
    let buffer = response.array_buffer().map_err(|error| words(&error))?;
    let buffer = JsFuture::from(buffer).await.map_err(|error| words(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
