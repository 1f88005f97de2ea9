//! The mark at the place of a step.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use crate::platform::{frame, turn};
use crate::view::walk::Step;

const MARK: &str = "data-walk";

/// Marks the place of a step alone and brings it into view; without a step it takes the mark away. From a bar that has gone the focus
/// moves to the place, where the visitor goes on.
pub(super) fn mark(number: Option<usize>) {
    let find = |css: &str| document().query_selector(css).ok().flatten();
    let marked = find("[data-walk]");
    if let Some(marked) = &marked {
        // The name of the attribute is a valid one.
        let _ = marked.remove_attribute(MARK);
    }
    let Some(step) = number.and_then(Step::numbered) else {
        let is_lost =
            |focused: Element| focused.tag_name() == "BODY" || focused.closest("#walk").is_ok_and(|it| it.is_some());
        if let Some(place) = marked.filter(|_| document().active_element().is_none_or(is_lost)) {
            let _ = place.set_attribute("tabindex", "-1");
            let stay = FocusOptions::new();
            stay.set_prevent_scroll(true);
            // It is in the document and can be focused.
            let _ = place.unchecked_into::<HtmlElement>().focus_with_options(&stay);
        }
        return;
    };
    let Some(place) = find(step.place) else { return };
    let _ = place.set_attribute(MARK, "");
    spawn_local(async move {
        // What the step opens is built in a task of its own.
        turn().await;
        frame().await;
        turn().await;
        // Smoothly or at once: the style says it.
        place.scroll_into_view();
    });
}
