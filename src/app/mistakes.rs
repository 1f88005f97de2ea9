//! The test pictures that were named wrongly. A click makes one the page's picture.

use leptos::prelude::*;

use super::accuracy::{Click, clicked, line};
use super::exam::Measured;
use super::page::Page;
use crate::view::test_set::{self, CLASSES, Item};

/// Side of a thumbnail: every pixel becomes four.
const THUMB: usize = 2 * test_set::SIDE;

pub fn mistakes(page: Page, measured: Option<&Measured>) -> AnyView {
    let answers = measured.map_or(&[][..], |measured| &measured.answers);
    let wrong = answers.iter().enumerate().filter(|(_, (item, answer))| item.class != *answer);
    let thumbs: Vec<_> = wrong.map(|(index, (item, answer))| thumb(page, index, *item, *answer)).collect();
    let words = match thumbs.len() {
        0 if answers.is_empty() => "What it names wrongly will stand here.".into(),
        0 => "Nothing was named wrongly.".into(),
        count => format!("Named wrongly: {count}. A click shows one to the network again."),
    };
    view! {
        <div id="mistakes">
            {line("wrong", "meta", words)}
            <ul>{thumbs}</ul>
        </div>
    }
    .into_any()
}

fn thumb(page: Page, index: usize, item: Item, answer: usize) -> AnyView {
    let (truth, named) = (CLASSES[item.class], CLASSES.get(answer).copied().unwrap_or_default());
    let (column, row) = test_set::place(index);
    view! {
        <li>
            <button
                type="button"
                data-number=item.number.to_string()
                title=format!("Test picture {}: {truth}, named {named}", item.number)
                on:click=clicked(page, Click::Picture(index, item))
            >
                <i style:background-position=format!("-{}px -{}px", column * THUMB, row * THUMB)></i>
                {truth}
                <b>"→ " {named}</b>
            </button>
        </li>
    }
    .into_any()
}
