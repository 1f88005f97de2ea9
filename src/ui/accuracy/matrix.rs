//! The confusion matrix: test pictures by their class, and by the class that the network gave them.

use leptos::prelude::*;

use crate::view::confusion::Confusion;
use crate::zoo::cifar10::CLASSES;

#[component]
pub(crate) fn Matrix(confusion: Memo<Confusion>) -> impl IntoView {
    let head = CLASSES.map(|class| view! { <th scope="col"><span>{class}</span></th> });
    let rows = move || confusion.with(|confusion| (0..CLASSES.len()).map(|truth| row(confusion, truth)).collect_view());
    view! {
        <div class="scroll">
            <table id="confusion">
                <caption>"Rows: true class. Columns: predicted class."</caption>
                <thead><tr><td></td> {head.collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(confusion: &Confusion, truth: usize) -> impl IntoView + use<> {
    let cells = confusion.row(truth).map(|(text, class)| view! { <td class=class>{text}</td> });
    view! { <tr><th scope="row">{CLASSES[truth]}</th> {cells.collect_view()}</tr> }
}
