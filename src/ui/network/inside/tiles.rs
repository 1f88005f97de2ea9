//! The stem's filters as tiles in colour; pointing at one shows its output map.

use leptos::prelude::*;

use super::map::PixelMap;
use super::state::Inside;
use crate::ui::widgets::OneTabStop;
use crate::view::group::filter_rgba;

#[component]
pub(super) fn Tiles(inside: Inside) -> impl IntoView {
    // They are the network's, not the picture's: the same for every window of maps.
    let filters = Memo::new(move |_| {
        inside.with(|shown| {
            let sizes = shown.values.sizes;
            let filters = (0..sizes.filters).map(|filter| filter_rgba(shown.values.filter(filter), sizes.in_channels));
            (filters.collect::<Vec<_>>(), sizes.kernel_size)
        })
    });
    let tile = move |(channel, rgba): (usize, &Vec<u8>), width: usize| {
        let is_shown = move || (inside.channel.get() == channel).to_string();
        let choose = move || inside.channel.set(channel);
        view! {
            <button
                type="button"
                aria-label=format!("Filter {}", channel + 1)
                aria-pressed=is_shown
                on:mouseenter=move |_| choose()
                on:focus=move |_| choose()
                on:click=move |_| choose()
            >
                <PixelMap rgba=rgba.clone() width />
            </button>
        }
    };
    move || {
        filters.with(|filters| {
            let (filters, width) = filters.as_ref().filter(|(filters, _)| !filters.is_empty())?;
            let tiles = filters.iter().enumerate().map(|of| tile(of, *width)).collect_view();
            Some(view! {
                <div id="filters">
                    <h3>"The filters of the stem"</h3>
                    <p class="meta">
                        "Each makes one output map. Mid-grey is a weight of zero; each tile is scaled by its own largest weight."
                    </p>
                    <OneTabStop class="tiles" label="Filters of the stem">{tiles}</OneTabStop>
                </div>
            })
        })
    }
}
