//! Each of the two networks: how it stands, how fast it learns, its first filters, and where it can go.

use leptos::html;
use leptos::prelude::*;

use crate::protocol::RaceCommand;
use crate::ui::client::Racing;
use crate::ui::state::Race;
use crate::ui::widgets::draw_pixels;
use crate::view::race::tiles;
use crate::view::words;

#[component]
pub(super) fn Networks() -> impl IntoView {
    let Race { facts, curves, .. } = expect_context::<Race>();
    let verdict = move || {
        let facts = facts.get()?;
        // Before they have learned there is nothing to judge.
        let test = curves.with(|curves| curves.tests.last().copied().filter(|test| test.step > 0))?;
        Some(words::race_verdict(&facts.networks, &test))
    };
    view! {
        <div class="race-networks">{[0, 1].map(|place| view! { <One place /> }).collect_view()}</div>
        <p class="num" id="race-verdict">{verdict}</p>
    }
}

/// The first or the second.
#[component]
fn One(place: usize) -> impl IntoView {
    let Race { facts, curves, look, .. } = expect_context::<Race>();
    let racing = expect_context::<Racing>();
    let title = move || facts.with(|facts| facts.as_ref().map(|facts| facts.networks[place].title()));
    let counted =
        move || curves.with(|curves| curves.tests.last().map(|test| words::race_counted(test.right[place], test.of)));
    let pace = move || {
        let batch_size = facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.batch_size));
        curves.with(|curves| curves.pace.map(|pace| words::race_pace(pace.step_ms[place], batch_size)))
    };
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let (Some(canvas), Some(look)) = (canvas.get(), look.get()) else { return };
        let (look, bytes) = &*look;
        let weights: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        let [first, second] = look.filters.map(|(count, side)| count * 3 * side * side);
        let (start, length) = if place == 0 { (0, first) } else { (first, second) };
        let (count, side) = look.filters[place];
        if let Some(weights) = weights.get(start..start + length) {
            let (rgba, width) = tiles(weights, count, side);
            draw_pixels(&canvas, &rgba, width as u32);
        }
    });
    let class = if place == 0 { "fewer" } else { "more" };
    let save = move |for_page: bool| racing.send(RaceCommand::Save { network: place, for_page });
    view! {
        <div class="race-network" data-network=class>
            <h3><i class=class></i>{title}</h3>
            <p class="num counted">{counted}</p>
            <p class="meta num">{pace}</p>
            <figure>
                <canvas node_ref=canvas class="filters" role="img" aria-label="Filters of the first convolution"></canvas>
                <figcaption>"Its first filters, as colours"</figcaption>
            </figure>
            <div class="controls">
                <button type="button" class="plain" data-do="save" on:click=move |_| save(false)>"Save as safetensors"</button>
                <button type="button" class="plain" data-do="use" on:click=move |_| save(true)>"Use it on this page"</button>
            </div>
        </div>
    }
}
