//! A map as a small picture, the legend of its greys, and the maps that a group reads.

use leptos::html;
use leptos::prelude::*;

use super::state::Inside;
use super::stepper::Stepper;
use crate::protocol::GROUP_CHANNELS;
use crate::ui::state::ShownGroup;
use crate::ui::widgets::draw_pixels;
use crate::view::group::{Scale, channel_list, frame, input_name};

/// Pixels on a canvas, with a label for those who cannot see them; without one it is decoration.
#[component]
pub(super) fn PixelMap(rgba: Vec<u8>, width: usize, #[prop(optional, into)] label: Option<String>) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    canvas.on_load(move |canvas| draw_pixels(&canvas, &rgba, width as u32));
    let hidden = label.is_none().then_some("true");
    view! { <canvas node_ref=canvas role=label.is_some().then_some("img") aria-label=label aria-hidden=hidden></canvas> }
}

/// What black and white stand for.
pub(super) fn legend(values: &[f32]) -> impl IntoView + use<> {
    let range = Scale::of(values).words();
    view! { <p class="greys meta num"><i aria-hidden="true"></i> "black to white: " {range}</p> }
}

/// The channels that the group reads.
#[component]
pub(super) fn Inputs(inside: Inside) -> impl IntoView {
    let count = Signal::derive(move || inside.with(|shown| shown.values.sizes.in_channels).unwrap_or(0));
    let text = Signal::derive(move || {
        let range = inside.with(|shown| inside.inputs(shown)).unwrap_or_default();
        format!("{} of {}", channel_list(range), count.get())
    });
    let maps = move || inside.with(|shown| maps(inside, shown));
    // The pixels under the kernel: the same ones of every map. The maps are drawn anew, and read no signal that stays.
    let window = Memo::new(move |_| {
        let window = inside.with(|shown| {
            let sizes = shown.values.sizes;
            frame(shown.values.corner(inside.told_pixel(shown)), sizes.kernel_size, sizes.input)
        });
        window.unwrap_or_default()
    });
    let side = move |side: usize| move || window.with(|window| window[side].clone());
    view! {
        <div
            class="side"
            id="inside-inputs"
            style:--left=side(0)
            style:--top=side(1)
            style:--width=side(2)
            style:--height=side(3)
        >
            <h3>"What it reads"</h3>
            {maps}
            <div hidden=move || count.get() <= GROUP_CHANNELS>
                <Stepper
                    id="input-window"
                    noun="window of input channels"
                    text
                    at=Signal::derive(move || inside.first_input.get() / GROUP_CHANNELS)
                    count=Signal::derive(move || count.get().div_ceil(GROUP_CHANNELS))
                    step=move |to: usize| inside.first_input.set(to * GROUP_CHANNELS)
                />
            </div>
        </div>
    }
}

fn maps(inside: Inside, shown: &ShownGroup) -> impl IntoView + use<> {
    let (values, group) = (shown.values.clone(), shown.group.look.group);
    let sizes = values.sizes;
    let scale = Scale::of(values.inputs());
    let one = |channel: usize| {
        let map = values.input(channel);
        let name = input_name(&sizes, group, channel);
        let label = format!("Input, {name}: {}", Scale::of(map).words());
        let short = name.strip_prefix("channel ").unwrap_or(&name).to_owned();
        view! {
            <figure>
                <div class="framed">
                    <PixelMap rgba=scale.rgba(map) width=sizes.input.1 label=label />
                    <i></i>
                </div>
                <figcaption class="num">{short}</figcaption>
            </figure>
        }
    };
    let maps = inside.inputs(shown).map(one).collect_view();
    let (h, w) = sizes.input;
    view! {
        <p class="meta num">{format!("{} of {h}×{w}", counted(sizes.in_channels))}</p>
        <div class="maps">{maps}</div>
        {legend(values.inputs())}
    }
}

/// `1 map`, `16 maps`
pub(super) fn counted(maps: usize) -> String {
    format!("{maps} {}", if maps == 1 { "map" } else { "maps" })
}
