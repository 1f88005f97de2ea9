//! A network of the visitor's own, from disk or from an address.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::FileList;

use crate::ui::client::Client;
use crate::ui::state::Menu;
use crate::ui::widgets::FileInput;

#[component]
pub(crate) fn Own() -> impl IntoView {
    let client = expect_context::<Client>();
    let open = expect_context::<Menu>().open;
    let choose = move |files: Option<FileList>| {
        open.set(false);
        client.take_files(files);
    };
    let address = NodeRef::<html::Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let url = address.get_untracked().map(|input| input.value()).unwrap_or_default();
        if !url.is_empty() {
            open.set(false);
            client.load_url(url);
        }
    };
    view! {
        <div class="own">
            <div>
                <h3>"Your own"</h3>
                <p class="meta">"Any ResNeXt as .safetensors or PyTorch’s .pth, with its config.json or class names. You can also drop the files on the page."</p>
            </div>
            <label class="use file">
                "Open a file"
                <FileInput id="choose-weights" accept=".safetensors,.pth,.pt,.ckpt,.bin,.tar,.json,.txt" on_choose=choose />
            </label>
            <form on:submit=submit>
                <label for="weights-url">"or from an address"</label>
                <input type="url" id="weights-url" placeholder="https://…/model.safetensors" required node_ref=address />
                <button type="submit" class="use">"Download"</button>
            </form>
        </div>
    }
}
