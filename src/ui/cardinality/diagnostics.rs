//! A button that copies what a report of an error needs.

use leptos::prelude::*;

use crate::ui::state::{Choice, Device, Notices};
use crate::ui::widgets::CopyText;
use crate::view::diagnostics::Diagnostics;

#[component]
pub(crate) fn CopyDiagnostics() -> impl IntoView {
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
    view! {
        <CopyText
            id="copy-diagnostics"
            field="diagnostics"
            label="Copy diagnostics"
            what="Diagnostics to copy"
            said="Diagnostics copied"
            text=Box::new(text)
        />
    }
}
