//! Many buttons that are one stop of the Tab key: arrow keys, Home and End go from one to the other.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// A toolbar of the buttons in `children`, whatever lies around them.
///
/// Tab reaches the button that was focused last. Before one was, every button can be reached, and the first that is makes itself
/// the only one; so buttons may come and go at any time.
#[component]
pub(crate) fn OneTabStop(class: &'static str, label: &'static str, children: Children) -> impl IntoView {
    let focused = |event: web_sys::FocusEvent| {
        let Some((buttons, at)) = buttons(&event) else { return };
        for (place, button) in buttons.iter().enumerate() {
            button.set_tab_index(if place == at { 0 } else { -1 });
        }
    };
    let pressed = |event: KeyboardEvent| {
        let Some((buttons, at)) = buttons(&event) else { return };
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => at + 1,
            "ArrowLeft" | "ArrowUp" => at.wrapping_sub(1),
            "Home" => 0,
            "End" => buttons.len() - 1,
            _ => return,
        };
        // The page would be scrolled.
        event.prevent_default();
        if let Some(button) = buttons.get(next) {
            // It is in the document and can be focused.
            let _ = button.focus();
        }
    };
    view! {
        <div class=class role="toolbar" aria-label=label on:focusin=focused on:keydown=pressed>
            {children()}
        </div>
    }
}

/// The buttons of the toolbar in which an event happened, and which of them it happened to.
fn buttons(event: &Event) -> Option<(Vec<HtmlElement>, usize)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let list = target.closest("[role=toolbar]").ok()??.query_selector_all("button").ok()?;
    let buttons: Vec<HtmlElement> = (0..list.length()).filter_map(|place| list.get(place)?.dyn_into().ok()).collect();
    let at = buttons.iter().position(|button| target == **button)?;
    Some((buttons, at))
}
