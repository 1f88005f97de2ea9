//! The foot of the page: how much of it is kept, and a text for who has to find out what is wrong.

use leptos::prelude::*;

use super::offline::OfflineNote;
use crate::protocol::Work;
use crate::ui::state::{Choice, Device, Notices, Results};
use crate::ui::widgets::CopyText;
use crate::view::diagnostics::Diagnostics;

#[component]
pub(crate) fn Footer() -> impl IntoView {
    let (choice, notices, device) =
        (expect_context::<Choice>(), expect_context::<Notices>(), expect_context::<Device>());
    let text = move || {
        let navigator = window().navigator();
        let diagnostics = Diagnostics {
            browser: navigator.user_agent().unwrap_or_default(),
            threads: navigator.hardware_concurrency() as usize,
            gpu: device.gpu.get_untracked(),
            setting: choice.setting.get_untracked(),
            tuned: device.tuned.get_untracked(),
            checked: device.checked.get_untracked(),
            errors: notices.errors(),
        };
        diagnostics.to_string()
    };
    let work = expect_context::<Results>().work_now;
    // What is being done makes the regions above it larger.
    let is_idle = move || matches!(work.with(Work::phase), "ready" | "failed");
    view! {
        <footer class="meta" class:unseen=move || !is_idle()>
            <CopyText
                id="copy-diagnostics"
                field="diagnostics"
                label="Copy diagnostics"
                what="Diagnostics to copy"
                said="Diagnostics copied"
                text=Box::new(text)
            />
            <OfflineNote />
        </footer>
    }
}
