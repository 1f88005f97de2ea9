//! Something that is drawn in a task of its own, so that no task is long.

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
