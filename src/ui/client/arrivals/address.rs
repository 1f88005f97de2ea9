//! Addresses of pictures: dragged from another page, or pasted.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DataTransfer, DomParser, Response, SupportedType, Url};

use crate::platform::{blob, call, is_offline};
use crate::ui::client::handle::Client;
use crate::view::arrival::{address, name_at};
use crate::view::file_kind::FileKind;
use crate::view::words;

/// The address that was dragged or pasted: of a picture rather than of the link around it.
pub(super) fn of(data: &DataTransfer) -> Option<String> {
    let text = |kind: &str| data.get_data(kind).unwrap_or_default();
    let image = image_in(&text("text/html"));
    let texts = image.into_iter().chain(["text/uri-list", "text/plain"].map(text));
    let addresses: Vec<String> = texts.filter_map(|text| address(&text).map(str::to_owned)).collect();
    addresses.into_iter().next()
}

/// The address of the first picture in a piece of a page. Nothing of it is loaded or run.
fn image_in(html: &str) -> Option<String> {
    if html.is_empty() {
        return None;
    }
    let page = DomParser::new().ok()?.parse_from_string(html, SupportedType::TextHtml).ok()?;
    page.query_selector("img[src]").ok()??.get_attribute("src")
}

impl Client {
    /// Fetches what is at an address, and takes it.
    pub(super) async fn take_address(self, address: String) {
        let name = name_at(&address);
        if FileKind::of(&name, &[]) == FileKind::Weights {
            return self.load_url(address);
        }
        let id = self.next_picture();
        let results = self.state().results;
        results.preparing.set(true);
        let fetched = fetched(&address, &name).await;
        results.preparing.set(false);
        match fetched {
            Ok(file) => {
                self.state().strip.chosen.set(None);
                self.show_file(id, &name, file).await;
            }
            Err(words) => self.state().notices.error(words),
        }
    }
}

async fn fetched(address: &str, name: &str) -> Result<Blob, String> {
    let host = Url::new(address).map(|url| url.host()).unwrap_or_default();
    let refused = |_: JsValue| words::not_fetched(name, &host, is_offline());
    if let Some(data) = address.get(5..).filter(|_| address[..5].eq_ignore_ascii_case("data:")) {
        return written_out(data).ok_or_else(|| refused(JsValue::NULL));
    }
    let response: Response =
        call("fetch", &address.into(), &JsValue::UNDEFINED).await.map_err(refused)?.unchecked_into();
    if !response.ok() {
        return Err(words::not_there(name, &host, response.status()));
    }
    let file = JsFuture::from(response.blob().map_err(refused)?).await.map_err(refused)?;
    Ok(file.unchecked_into())
}

/// A file that its address has in it.
fn written_out(data: &str) -> Option<Blob> {
    let (head, body) = data.split_once(',')?;
    let body = js_sys::decode_uri_component(body).ok()?.as_string()?;
    let bytes = match head.ends_with(";base64") {
        // A string of which each character is a byte.
        true => window().atob(&body).ok()?.chars().map(|one| one as u8).collect(),
        false => body.into_bytes(),
    };
    blob(&bytes).ok()
}
