//! Clocks, timers, and the event loop.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

use super::js::get;

fn performance() -> Option<Performance> {
    get(&js_sys::global(), "performance").dyn_into().ok()
}

/// Milliseconds since this thread began; monotonic.
pub fn now() -> f64 {
    performance().map_or(0.0, |performance| performance.now())
}

/// Sets a performance mark, for the browser's developer tools and for the tests that measure the first answer.
pub fn mark(name: &str) {
    if let Some(performance) = performance() {
        // Nothing depends on the mark.
        let _ = performance.mark(name);
    }
}

/// Waits for `ms` milliseconds; longer in a background tab.
pub async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let global = js_sys::global();
        if let Ok(set_timeout) = get(&global, "setTimeout").dyn_into::<Function>() {
            let _ = set_timeout.call2(&global, &resolve, &ms.into());
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Yields to the event loop, so that messages come in. It uses a message itself, since browsers run timers once per second, or
/// once per minute, in a background tab.
pub async fn turn() {
    let Ok(channel) = MessageChannel::new() else { return sleep(0).await };
    let (here, there) = (channel.port1(), channel.port2());
    let promise = Promise::new(&mut |resolve, _| {
        here.set_onmessage(Some(&resolve));
        let _ = there.post_message(&JsValue::NULL);
    });
    let _ = JsFuture::from(promise).await;
    // An open port would keep the channel alive.
    here.close();
}

/// Waits until the browser is about to draw a frame, on the page's thread only. In a background tab it waits until the tab is
/// shown.
pub async fn frame() {
    let promise = Promise::new(&mut |resolve, _| {
        let global = js_sys::global();
        if let Ok(request) = get(&global, "requestAnimationFrame").dyn_into::<Function>() {
            let _ = request.call1(&global, &resolve);
        }
    });
    let _ = JsFuture::from(promise).await;
}
