//! The sum behind one number: the products of every input channel, and what they add up to.

use leptos::prelude::*;

use super::outputs::number;
use super::state::Inside;
use crate::protocol::GroupSizes;
use crate::ui::state::ShownGroup;
use crate::view::group::{Scale, Tap, Term, input_name, line, pixel, spoken, tap};

#[component]
pub(super) fn Arithmetic(inside: Inside) -> impl IntoView {
    move || inside.with(|shown| contents(inside, shown))
}

fn contents(inside: Inside, shown: &ShownGroup) -> impl IntoView + use<> {
    let (sizes, group) = (shown.values.sizes, shown.group.look.group);
    let (sum, equation) = inside.sum(shown);
    let scale = Scale::of(shown.values.inputs());
    let terms = inside.inputs(shown);
    let tables = terms.filter_map(|channel| {
        let name = input_name(&sizes, group, channel);
        Some(products(&sizes, name, sum.terms.get(channel)?, scale))
    });
    let lines = equation.lines.iter().map(|(of, value)| {
        view! { <tr><th scope="row">{line(*of, &sizes, group)}</th><td>{value.clone()}</td></tr> }
    });
    let place =
        format!("{} of output channel {}", pixel(inside.told_pixel(shown)), number(shown, inside.told_channel(shown)));
    let disagrees = (!equation.agrees).then(|| {
        view! {
            <p class="meta">
                "The network’s own number differs in the digits shown: this device rounds its products, and the sum here does not."
            </p>
        }
    });
    view! {
        <div class="arithmetic">
            <div class="products scroll" tabindex="0" role="region" aria-label="Products of each input channel">
                {tables.collect_view()}
            </div>
            <div>
                <table id="sum">
                    <caption>{format!("How {place} comes about")}</caption>
                    <tbody>
                        {lines.collect_view()}
                        <tr class="total"><th scope="row">"sum"</th><td>{equation.before.clone()}</td></tr>
                        <tr><th scope="row">"after ReLU"</th><td>{equation.after.clone()}</td></tr>
                        <tr class="total">
                            <th scope="row">"the network’s number"</th>
                            <td>{equation.value.clone()}</td>
                        </tr>
                    </tbody>
                </table>
                {disagrees}
                <p id="sum-spoken" class="sr-only">{spoken(&equation, &sizes, group)}</p>
            </div>
        </div>
    }
}

/// The pixels under the kernel, each with its weight. Those of the padding are outside of the picture.
fn products(sizes: &GroupSizes, name: String, term: &Term, scale: Scale) -> impl IntoView + use<> {
    let cell = |of: &Tap| {
        let (input, weight) = tap(*of);
        let shade = scale.cell(of.input);
        let background = if of.padding { String::new() } else { format!("rgb({0},{0},{0})", shade.grey) };
        let color = match (of.padding, shade.dark_text) {
            (true, _) => "",
            (_, true) => "#000",
            _ => "#fff",
        };
        view! { <td class:pad=of.padding style:background=background style:color=color>{input} <br /> {weight}</td> }
    };
    let row = |taps: &[Tap]| view! { <tr>{taps.iter().map(cell).collect_view()}</tr> };
    let rows = term.taps.chunks(sizes.kernel_size).map(row).collect_view();
    view! {
        <table class="product num">
            <caption>{name}", pixel × weight"</caption>
            <tbody>{rows}</tbody>
        </table>
    }
}
