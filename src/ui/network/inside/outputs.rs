//! The maps that a group makes, and one of them large, to point at its pixels.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent};

use super::map::{PixelMap, counted, legend};
use super::state::Inside;
use super::stepper::Stepper;
use crate::protocol::GROUP_CHANNELS;
use crate::ui::state::ShownGroup;
use crate::ui::widgets::OneTabStop;
use crate::view::group::{Scale, channel_list, frame, moved, pixel, pixel_at};

#[component]
pub(super) fn Outputs(inside: Inside) -> impl IntoView {
    let count = Signal::derive(move || inside.with(|shown| shown.values.sizes.out_channels).unwrap_or(0));
    let text = Signal::derive(move || {
        let range = inside.with(|shown| {
            let first = shown.group.look.first;
            first..first + shown.values.sizes.shown
        });
        format!("{} of {}", channel_list(range.unwrap_or_default()), count.get())
    });
    view! {
        <div class="side" id="inside-outputs">
            <h3>"What it makes"</h3>
            {move || inside.with(|shown| thumbs(inside, shown))}
            <div hidden=move || count.get() <= GROUP_CHANNELS>
                <Stepper
                    id="output-window"
                    noun="window of output channels"
                    text
                    at=Signal::derive(move || inside.channel.get() / GROUP_CHANNELS)
                    count=Signal::derive(move || count.get().div_ceil(GROUP_CHANNELS))
                    step=move |to: usize| inside.channel.set(to * GROUP_CHANNELS)
                />
            </div>
        </div>
    }
}

/// The number of an output channel over all groups, from 1.
pub(super) fn number(shown: &ShownGroup, told: usize) -> usize {
    let look = &shown.group.look;
    look.group * shown.values.sizes.out_channels + look.first + told + 1
}

fn thumbs(inside: Inside, shown: &ShownGroup) -> impl IntoView + use<> {
    let (values, first) = (shown.values.clone(), shown.group.look.first);
    let (sizes, scale) = (values.sizes, Scale::of(values.outputs()));
    let shown_now = inside.told_channel(shown);
    let one = |told: usize| {
        let map = values.output(told);
        let (number, channel) = (number(shown, told), first + told);
        let is_shown = (told == shown_now).to_string();
        view! {
            <button
                type="button"
                aria-label=format!("Output channel {number}: {}", Scale::of(map).words())
                aria-pressed=is_shown
                on:click=move |_| inside.channel.set(channel)
            >
                <PixelMap rgba=scale.rgba(map) width=sizes.output.1 />
                <span class="num" aria-hidden="true">{number}</span>
            </button>
        }
    };
    let thumbs = (0..sizes.shown).map(one).collect_view();
    let (h, w) = sizes.output;
    view! {
        <p class="meta num">{format!("{} of {h}×{w}, after ReLU", counted(sizes.out_channels))}</p>
        <OneTabStop class="maps" label="Output maps of the group">{thumbs}</OneTabStop>
        {legend(values.outputs())}
    }
}

/// The chosen output map. Pointing, a tap or the arrow keys choose one of its pixels.
#[component]
pub(super) fn LargeMap(inside: Inside) -> impl IntoView {
    let channel = Memo::new(move |_| inside.with(|shown| inside.told_channel(shown)).unwrap_or(0));
    let title = move || inside.with(|shown| format!("Output channel {}", number(shown, channel.get())));
    let map = move || {
        inside.with(|shown| {
            let scale = Scale::of(shown.values.outputs());
            let rgba = scale.rgba(shown.values.output(channel.get()));
            view! { <PixelMap rgba width=shown.values.sizes.output.1 /> }
        })
    };
    let told = move || {
        inside.with(|shown| {
            let (y, x) = inside.told_pixel(shown);
            let (_, equation) = inside.sum(shown);
            (format!("{}: {}", pixel((y, x)), equation.value), y * shown.values.sizes.output.1 + x)
        })
    };
    let mark = Memo::new(move |_| {
        let mark = inside.with(|shown| {
            let (y, x) = inside.told_pixel(shown);
            frame((y as isize, x as isize), 1, shown.values.sizes.output)
        });
        mark.unwrap_or_default()
    });
    let side = move |side: usize| move || mark.with(|mark| mark[side].clone());
    let last = move || inside.with(|shown| (shown.values.sizes.output.0 * shown.values.sizes.output.1 - 1).to_string());
    let point = move |event: MouseEvent| {
        let Some(map) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let area = map.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()) - area.left(), f64::from(event.client_y()) - area.top());
        let at = inside.with(|shown| {
            let (h, w) = shown.values.sizes.output;
            (pixel_at(y, area.height(), h), pixel_at(x, area.width(), w))
        });
        if inside.pixel.get_untracked() != at {
            inside.pixel.set(at);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let to = untrack(|| {
            inside.with(|shown| moved(&event.key(), inside.told_pixel(shown), shown.values.sizes.output)).flatten()
        });
        if to.is_some() {
            event.prevent_default();
            inside.pixel.set(to);
        }
    };
    view! {
        <div class="side" id="inside-point">
            <h3>"One number"</h3>
            <p class="meta num">{title} ". Point at a pixel."</p>
            <div
                id="large-map"
                class="framed"
                tabindex="0"
                role="slider"
                aria-label=move || format!("Pixel of {}", title().unwrap_or_default())
                aria-describedby="sum-spoken"
                aria-valuemin="0"
                aria-valuemax=last
                aria-valuenow=move || told().map(|(_, index)| index.to_string())
                aria-valuetext=move || told().map(|(words, _)| words)
                style:--left=side(0)
                style:--top=side(1)
                style:--width=side(2)
                style:--height=side(3)
                on:mousemove=point
                on:click=point
                on:keydown=pressed
            >
                {map}
                <i></i>
            </div>
            <p id="pointed" class="num">{move || told().map(|(words, _)| words)}</p>
        </div>
    }
}
