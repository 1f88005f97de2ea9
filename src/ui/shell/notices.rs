//! Messages that can be dismissed. They lie over the page, so that nothing moves.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::{Download, Message, Notices};
use crate::ui::widgets::WarningSign;
use crate::view::words;

#[component]
pub(crate) fn NoticeList() -> impl IntoView {
    let notices = expect_context::<Notices>();
    let client = expect_context::<Client>();
    let button = move |id: u64, Download { network, label }: Download| {
        let download = move |_| {
            notices.dismiss(id);
            client.load_listed(network);
        };
        view! { <button type="button" class="plain" on:click=download>{label}</button> }
    };
    let one = move |message: Message| {
        let Message { id, is_error, text, download } = message;
        let kind = if is_error { "error" } else { "note" };
        view! {
            <div class="notice" class:error=is_error role="alert" data-kind=kind>
                <WarningSign />
                <div>
                    <p>{words::sentence(&text)}</p>
                    {download.map(|download| button(id, download))}
                </div>
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
