//! The clipboard.

use wasm_bindgen_futures::JsFuture;

/// Copies a text; says whether that worked. Only a page over https or from this machine has a clipboard.
pub async fn copy_text(text: &str) -> bool {
    let Some(window) = web_sys::window().filter(web_sys::Window::is_secure_context) else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}
