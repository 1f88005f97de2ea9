//! Messages that can be dismissed. They lie over the page, so that nothing moves.

use leptos::prelude::*;

use crate::ui::state::{Message, Notices};
use crate::ui::widgets::WarningSign;
use crate::view::words;

#[component]
pub(crate) fn NoticeList() -> impl IntoView {
    let notices = expect_context::<Notices>();
    let one = move |message: Message| {
        let Message { id, is_error, text } = message;
        let kind = if is_error { "error" } else { "note" };
        view! {
            <div class="notice" class:error=is_error role="alert" data-kind=kind>
                <WarningSign />
                <p>{words::sentence(&text)}</p>
                <button type="button" class="close" aria-label="Dismiss" on:click=move |_| notices.dismiss(id)>"×"</button>
            </div>
        }
    };
    view! {
        <aside id="notices" aria-label="Messages">
            <For each=move || notices.all.get() key=|message| message.id children=one />
        </aside>
    }
}
