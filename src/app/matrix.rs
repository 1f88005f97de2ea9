//! The confusion matrix: a row for what a picture shows, a column for what it was named.

use leptos::prelude::*;

use crate::view::confusion::{Confusion, shade};
use crate::view::test_set::CLASSES;

pub fn matrix(counted: &Confusion) -> AnyView {
    let heads: Vec<_> =
        CLASSES.iter().map(|class| view! { <th scope="col"><span>{*class}</span></th> }.into_any()).collect();
    let rows: Vec<_> = (0..CLASSES.len()).map(|truth| row(counted, truth)).collect();
    view! {
        <div class="scroll">
            <table id="confusion">
                <caption>"Each row is what pictures show, each column what they were named"</caption>
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(counted: &Confusion, truth: usize) -> AnyView {
    let of = counted.of(truth);
    let cell = |(answer, &count): (usize, &usize)| {
        let words = if count == 0 { String::new() } else { count.to_string() };
        view! { <td class=shade(count, of, answer == truth)>{words}</td> }.into_any()
    };
    let cells: Vec<_> = counted.counts[truth].iter().enumerate().map(cell).collect();
    view! { <tr><th scope="row">{CLASSES[truth]}</th>{cells}</tr> }.into_any()
}
