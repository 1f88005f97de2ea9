//! Properties and functions by name: window and worker have them in common, but no type of `web-sys` does.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

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
///
/// # Errors
/// What the function throws or its promise is rejected with.
pub async fn call(name: &str, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let function: Function = get(&global, name).dyn_into()?;
    JsFuture::from(Promise::resolve(&function.call2(&global, first, second)?)).await
}
