//! The width of an element, measured whenever it changes.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// The width in CSS pixels of the content of `frame`, which has `padding` on both sides together; `usual` until it is in the
/// document. It is measured for as long as it is there.
pub(crate) fn width_of(frame: NodeRef<html::Div>, padding: f64, usual: f64) -> ReadSignal<f64> {
    let (width, set_width) = signal(usual);
    frame.on_load(move |element| {
        let measured = element.clone();
        let changed = Closure::<dyn Fn()>::new(move || set_width.set(f64::from(measured.client_width()) - padding));
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
        observer.observe(&element);
        let observing = StoredValue::new_local((observer, changed));
        on_cleanup(move || observing.with_value(|(observer, _)| observer.disconnect()));
    });
    width
}
