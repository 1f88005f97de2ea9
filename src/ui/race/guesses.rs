//! A few test pictures, and what both networks take them for.

use leptos::html;
use leptos::prelude::*;

use crate::ui::state::Race;
use crate::ui::widgets::draw_pixels;
use crate::view::words;

#[component]
pub(super) fn Guesses() -> impl IntoView {
    let race = expect_context::<Race>();
    let count = Memo::new(move |_| race.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.examples.len())));
    let all = move || (0..count.get()).map(|place| view! { <Example place /> }).collect_view();
    view! {
        <h3 class="meta">"Test pictures, and what each network takes them for"</h3>
        <ul class="race-guesses">{all}</ul>
    }
}

#[component]
fn Example(place: usize) -> impl IntoView {
    let Race { facts, examples, look, .. } = expect_context::<Race>();
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let (Some(canvas), Some(facts)) = (canvas.get(), facts.get()) else { return };
        let side = facts.side;
        let bytes = side * side * 3;
        examples.with(|pixels| {
            if let Some(rgb) = pixels.get(place * bytes..(place + 1) * bytes) {
                let rgba: Vec<u8> = rgb.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
                draw_pixels(&canvas, &rgba, side as u32);
            }
        });
    });
    let class =
        move || facts.with(|facts| facts.as_ref().and_then(|facts| facts.examples.get(place)).map(|(_, class)| *class));
    let name = move |class: usize| {
        facts.with(|facts| facts.as_ref().and_then(|facts| facts.classes.get(class).cloned())).unwrap_or_default()
    };
    let guess = move |network: usize| {
        let (guess, probability) = look.with(|look| look.as_ref()?.0.guesses[network].get(place).copied())?;
        Some(words::race_guess(&name(guess), probability, class() == Some(guess)))
    };
    view! {
        <li>
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <div>
                <b>{move || class().map(name)}</b>
                <p class="num"><i class="fewer"></i>{move || guess(0)}</p>
                <p class="num"><i class="more"></i>{move || guess(1)}</p>
            </div>
        </li>
    }
}
