//! A part of the drawing: something to point at, with its bars, its shortcut and its share of the time.

use leptos::prelude::*;

use crate::ui::state::Selection;
use crate::view::drawing::{Bar, BlockShape, Text};
use crate::view::heat::Heat;
use crate::view::network_part::NetworkPart;
use crate::view::number::{self, px};

/// The styles of what each core computes. More cores than these begin again with the first.
pub(crate) const CORES: [&str; 4] = ["core c1", "core c2", "core c3", "core c4"];

pub(crate) fn bar(bar: &Bar, class: &'static str) -> AnyView {
    view! { <rect class=class x=px(bar.x) y=px(bar.y) width=px(bar.width) height=px(bar.height) rx="1.5" /> }.into_any()
}

pub(crate) fn text(text: &Text) -> AnyView {
    let class = if text.quiet { "quiet" } else { "" };
    view! { <text class=class x=px(text.x) y=px(text.y)>{text.text.clone()}</text> }.into_any()
}

/// Pointing at it shows its table; a click or the focus selects it. It stands for `repeats` equal parts.
/// `marks` is notified where another part is shown or selected.
#[component]
pub(crate) fn DrawnPart(
    part: NetworkPart,
    index: usize,
    marks: Trigger,
    #[prop(default = 1)] repeats: usize,
    area: Bar,
    children: Children,
) -> impl IntoView {
    let selection = expect_context::<Selection>();
    let name = match repeats {
        1 => part.name.clone(),
        _ => format!("{} and {} equal ones", part.name, repeats - 1),
    };
    let label = format!("{name}: {}. {} multiply-adds", part.channels, number::count(part.macs()));
    view! {
        <g
            class="part"
            class:sel=move || {
                marks.track();
                selection.shown.get_untracked() == Some(index)
            }
            tabindex="0"
            role="button"
            aria-label=label
            aria-pressed=move || {
                marks.track();
                (selection.selected.get_untracked() == Some(index)).to_string()
            }
            data-part=part.name
            data-channels=part.channels
            on:mouseenter=move |_| selection.hovered.set(Some(index))
            on:focus=move |_| selection.selected.set(Some(index))
            on:click=move |_| selection.selected.set(Some(index))
        >
            {bar(&area, "hit")}
            {children()}
        </g>
    }
    .into_any()
}

/// The three bars of a block, and of the equal blocks behind it. `index` is the block's index among the parts;
/// `marks` is notified when `heat` changes.
#[component]
pub(crate) fn BlockBars(block: BlockShape, index: usize, heat: Memo<Option<Heat>>, marks: Trigger) -> impl IntoView {
    let [first, grouped, last] = &block.bars;
    let repeats = block.repeats;
    let behind = (repeats > 1).then(|| {
        let shadow = |of: &Bar| bar(&Bar { x: of.x + 3.0, y: of.y - 4.0, ..*of }, "behind");
        let times = Text { x: grouped.x + grouped.width / 2.0, y: 34.0, text: format!("×{repeats}"), quiet: false };
        view! {
            {block.bars.iter().map(shadow).collect_view()}
            {text(&times)}
        }
    });
    let shares: Vec<_> = block.shares.iter().map(|(core, share)| bar(share, CORES[(core - 1) % CORES.len()])).collect();
    // Nothing is shown where nothing was measured.
    let opacity = move || {
        marks.track();
        heat.with_untracked(|heat| heat.as_ref().map_or(0.0, |heat| heat.of(index, repeats)))
    };
    view! {
        {behind}
        {bar(first, "pw")}
        {bar(grouped, "gr")}
        {shares}
        <path class="cut" d=block.cuts.clone() stroke-width=format!("{:.2}", block.cut_width) />
        {bar(last, "pw")}
        <path class="arc" d=block.arc.clone() />
        <circle class="add" cx=px(block.add.0) cy=px(block.add.1) r="2" />
        <rect
            class="heat"
            x=px(block.heat.x)
            y=px(block.heat.y)
            width=px(block.heat.width)
            height=px(block.heat.height)
            rx="2"
            style:opacity=move || format!("{:.2}", opacity())
        />
    }
    .into_any()
}
