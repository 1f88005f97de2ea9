//! Properties and functions by name. Windows and workers share many that no common type of `web-sys` has.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property of an object; `undefined` where it cannot be read.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property of a plain object, which cannot fail.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Whether the browser knows that it has no network. Where it believes that it has one, a server may still be out of reach.
pub fn is_offline() -> bool {
    get(&get(&js_sys::global(), "navigator"), "onLine").as_bool() == Some(false)
}

/// The message of an exception.
pub fn words(error: &JsValue) -> String {
    let message = get(error, "message").as_string().or_else(|| error.as_string());
    message.filter(|message| !message.is_empty()).unwrap_or_else(|| "no reason given".into())
}

/// Calls a global function with two arguments and awaits its promise.
///
/// # Errors
/// What the function throws or its promise is rejected with.
pub async fn call(name: &str, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let function: Function = get(&global, name).dyn_into()?;
    JsFuture::from(Promise::resolve(&function.call2(&global, first, second)?)).await
}
