//! Messages that can be dismissed. They lie over the page, so that nothing moves, and never over the chart.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::platform::sleep;
use crate::ui::client::Client;
use crate::ui::state::{Download, Message, Notices};
use crate::ui::widgets::WarningSign;
use crate::view::words;

/// How long a message stays that reports no error and has no button.
const STAY_MS: i32 = 10_000;
/// How often it is checked whether such a message is still being read.
const CHECK_MS: i32 = 1_000;

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
        // Whether the pointer or the focus is on it.
        let is_read = RwSignal::new(false);
        if !is_error && download.is_none() {
            spawn_local(async move {
                sleep(STAY_MS).await;
                while is_read.try_get_untracked() == Some(true) {
                    sleep(CHECK_MS).await;
                }
                notices.dismiss(id);
            });
        }
        view! {
            <div class="notice" class:error=is_error role="alert" data-kind=kind
                on:mouseenter=move |_| is_read.set(true)
                on:mouseleave=move |_| is_read.set(false)
                on:focusin=move |_| is_read.set(true)
                on:focusout=move |_| is_read.set(false)
            >
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
