//! A result goes to somebody else and comes back: by the clipboard, or as a file.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::platform::copy_text;
use crate::ui::client::Client;
use crate::ui::state::Laboratory;
use crate::ui::widgets::FileInput;
use crate::view::lab::LabResult;
use crate::view::words;

/// The result that is shown, and the one that lies over it.
pub(super) type Drawn = Memo<Vec<LabResult>>;

#[component]
pub(super) fn Bring(drawn: Drawn) -> impl IntoView {
    let client = expect_context::<Client>();
    let told = expect_context::<Laboratory>().told;
    let field = NodeRef::<html::Textarea>::new();
    let is_empty = move || !drawn.with(|drawn| drawn.first().is_some_and(LabResult::is_measured));
    let copy = move |_| {
        let json = drawn.with_untracked(|drawn| drawn.first().map(LabResult::json)).unwrap_or_default();
        spawn_local(async move {
            if copy_text(&json).await {
                return told.set(words::RESULT_COPIED.into());
            }
            told.set(words::RESULT_BY_HAND.into());
            // The laboratory may have been closed meanwhile.
            if let Some(field) = field.try_get_untracked().flatten() {
                field.set_value(&json);
                // It is in the document and can be focused.
                let _ = field.focus();
                field.select();
            }
        });
    };
    let pasted = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        if text.trim().is_empty() {
            return;
        }
        match client.take_result(&text) {
            Ok(()) => field.set_value(""),
            Err(reason) => told.set(reason),
        }
    };
    view! {
        <div class="controls" id="bring">
            <button type="button" class="plain" data-do="copy" disabled=is_empty on:click=copy>"Copy my result"</button>
            <label class="number" for="result-text">"Read a result"</label>
            <textarea
                id="result-text"
                rows="1"
                spellcheck="false"
                placeholder="paste it here, or drop its file anywhere"
                node_ref=field
                on:input=pasted
            ></textarea>
            <FileInput
                id="choose-result"
                accept=".json,application/json"
                label="Choose the file of a result"
                on_choose=move |files| client.take_files(files)
            />
        </div>
        <p id="result-told" class="meta" role="status">{move || told.get()}</p>
    }
}
