//! The disclosure with the three forms. What it shows is computed while it is open.

use leptos::prelude::*;

use super::figures::figures;
use crate::protocol::Forms;
use crate::ui::state::{Choice, Looks, Results, Selection};
use crate::ui::widgets::{Disclosure, TableHead};
use crate::view::forms::{NAMES, Row, meter, rows};
use crate::view::words;

/// With soft hyphens where a narrow window breaks them.
const COLUMNS: [&str; 6] = ["form", "what it is", "dis\u{ad}patches", "para\u{ad}meters", "multiply-adds", "time"];

#[component]
pub(crate) fn FormsPanel() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let selection = expect_context::<Selection>();
    let looks = expect_context::<Looks>();
    let open = RwSignal::new(false);
    // The selected block, not the one pointed at.
    let block = Memo::new(move |_| {
        let selected = selection.selected.get()?;
        choice.parts.with(|parts| parts.get(selected).filter(|part| part.block.is_some()).map(|part| part.name.clone()))
    });
    let wanted = Memo::new(move |_| block.get().filter(|_| open.get()));
    Effect::new(move |_| {
        let wanted = wanted.get();
        looks.wanted.update(|looks| looks.forms = wanted);
    });
    view! {
        <Disclosure id="forms" summary="Show the block in the paper’s three forms" open>
            <Contents block />
        </Disclosure>
    }
}

#[component]
fn Contents(block: Memo<Option<String>>) -> impl IntoView {
    let choice = expect_context::<Choice>();
    let looks = expect_context::<Looks>();
    let results = expect_context::<Results>();
    // The last result stays, dimmed, until the new one is there.
    let is_fresh = Memo::new(move |_| {
        let shown = results.picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.id));
        looks.forms.with(|forms| {
            forms.as_ref().is_some_and(|forms| {
                Some(&forms.block) == block.get().as_ref()
                    && Some(forms.picture) == shown
                    && choice.setting.with(|setting| forms.setting == *setting)
            })
        })
    });
    let state = move || match (block.with(Option::is_some), is_fresh.get()) {
        (false, _) => "none",
        (true, true) => "fresh",
        (true, false) => "stale",
    };
    let shown = move || {
        looks.forms.with(|forms| match (block.get(), forms) {
            (None, _) => view! { <p class="meta">{words::CHOOSE_A_BLOCK}</p> }.into_any(),
            (Some(_), None) => view! { <p class="meta">"Running the three forms …"</p> }.into_any(),
            (Some(_), Some(forms)) => result(forms),
        })
    };
    let drawn = move || {
        let block = block.get()?;
        choice.graph.with(|graph| graph.blocks.iter().find(|it| it.name == block).map(figures))
    };
    view! {
        <div class="forms" data-state=state>
            {drawn}
            {shown}
            <p class="meta">{words::FORMS_EXPLAINED}</p>
        </div>
    }
}

fn result(forms: &Forms) -> AnyView {
    let row = |(name, row): (&'static str, Row)| {
        view! {
            <tr data-form=name data-macs=row.macs_exact data-parameters=row.parameters_exact data-ms=row.ms.map(|ms| ms.to_string())>
                <th scope="row">{name}</th>
                <td>{row.what}</td>
                <td>{row.dispatches}</td>
                <td>{row.parameters}</td>
                <td>{row.macs}</td>
                <td>{row.time}</td>
            </tr>
        }
    };
    let [a_to_c, b_to_c, a_to_b] = forms.differences.map(|difference| difference.to_string());
    let (share, largest) = meter(forms);
    let percent = format!("{:.0}", 100.0 * share);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="The three forms with their numbers">
        <table>
            <caption><b>{forms.block.clone()}</b> <span class="quiet">{words::forms_runs(forms)}</span></caption>
            <TableHead columns=COLUMNS />
            <tbody>{NAMES.into_iter().zip(rows(forms)).map(row).collect_view()}</tbody>
        </table>
        </div>
        <p id="forms-difference" data-a-c=a_to_c data-b-c=b_to_c data-a-b=a_to_b>
            <span class="gauge" role="meter" aria-label="Largest difference, of the limit" aria-valuemin="0" aria-valuemax="100" aria-valuenow=percent.clone()>
                <i style:width=format!("{percent}%")></i>
            </span>
            <span>{largest}</span>
        </p>
    }
    .into_any()
}
