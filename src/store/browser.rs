//! What window and worker have in common, by name: neither type of `web-sys` is at hand in the other.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Url};

/// A property, or `undefined` where it cannot be read.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property of an object made here, which nothing refuses.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// The words of an exception.
pub fn words(error: &JsValue) -> String {
    let message = get(error, "message").as_string().or_else(|| error.as_string());
    message.filter(|message| !message.is_empty()).unwrap_or_else(|| "no reason given".into())
}

/// The result of a global function that gives a promise.
pub async fn call(name: &str, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let function: Function = get(&global, name).dyn_into()?;
    JsFuture::from(Promise::resolve(&function.call2(&global, first, second)?)).await
}

/// Waits; longer in a tab that is not seen.
pub async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let global = js_sys::global();
        if let Ok(set_timeout) = get(&global, "setTimeout").dyn_into::<Function>() {
            let _ = set_timeout.call2(&global, &resolve, &ms.into());
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Lets the browser do what waits: input, painting. By a message, since a timer's turn comes once a second, or once a
/// minute, in a tab that is not seen.
pub async fn breathe() {
    let Ok(channel) = MessageChannel::new() else { return sleep(0).await };
    let (here, there) = (channel.port1(), channel.port2());
    let promise = Promise::new(&mut |resolve, _| {
        here.set_onmessage(Some(&resolve));
        let _ = there.post_message(&JsValue::NULL);
    });
    let _ = JsFuture::from(promise).await;
    here.close();
}

/// An absolute address, without a fragment.
pub struct Address {
    pub href: String,
    /// The server, as people say it.
    pub host: String,
    /// Whether it is the page's own server.
    pub own: bool,
}

impl Address {
    /// `None` where `url` is no address.
    pub fn of(url: &str) -> Option<Self> {
        let location = get(&js_sys::global(), "location");
        let base = get(&location, "href").as_string().unwrap_or_default();
        let url = Url::new_with_base(url, &base).or_else(|_| Url::new(url)).ok()?;
        url.set_hash("");
        let own = get(&location, "origin").as_string().is_some_and(|origin| origin == url.origin());
        Some(Self { href: url.href(), host: url.host(), own })
    }
}
