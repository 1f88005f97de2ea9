//! The head of a table: one row of column names.

use leptos::prelude::*;

#[component]
pub(crate) fn TableHead<const N: usize>(columns: [&'static str; N]) -> impl IntoView {
    let head = |column| view! { <th scope="col">{column}</th> };
    view! { <thead><tr>{columns.map(head).collect_view()}</tr></thead> }
}
