//! Letting the browser draw and handle input in the middle of long work. Natively there is nothing to wait for.

/// Waits for the browser's next turn as long work should: timers that follow each other are held back by 4 ms, messages
/// are not.
#[cfg(target_arch = "wasm32")]
pub async fn breathe() {
    use wasm_bindgen::JsValue;
    let Ok(channel) = web_sys::MessageChannel::new() else { return };
    let port = channel.port1();
    let promise = js_sys::Promise::new(&mut |resolve, _reject| port.set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::UNDEFINED).is_ok() {
        let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
    }
    // An open port would keep its channel.
    port.close();
}

#[cfg(not(target_arch = "wasm32"))]
pub async fn breathe() {}
