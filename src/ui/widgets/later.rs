//! Draws its children in a task of their own, so that no task is long.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::platform::turn;

/// Draws its children in the event loop's next turn.
#[component]
pub(crate) fn Later(children: ChildrenFn) -> impl IntoView {
    let is_drawn = RwSignal::new(false);
    spawn_local(async move {
        turn().await;
        is_drawn.set(true);
    });
    move || is_drawn.get().then(|| children())
}
