//! Sample pictures: first those that the chosen network can recognise.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::{Choice, Results};
use crate::ui::widgets::OneTabStop;
use crate::view::sample_rows::{SampleRow, labels, sample_rows};
use crate::zoo::samples::Sample;

#[component]
pub(crate) fn Samples() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let labels = Memo::new(move |_| choice.listed(|listed| labels(listed.network())));
    let rows = move || {
        let rows = labels.with(|labels| sample_rows(labels.as_deref()));
        rows.into_iter().map(|row| view! { <Row row /> }).collect_view()
    };
    view! { <OneTabStop class="sample-rows" label="Sample pictures">{rows}</OneTabStop> }
}

#[component]
fn Row(row: SampleRow) -> impl IntoView {
    let SampleRow { caption, small, samples } = row;
    let usual = if small { "CIFAR-10’s test pictures, 32×32" } else { "Photographs" };
    let label = caption.clone().unwrap_or_else(|| usual.into());
    view! {
        <div class="samples" class:small=small role="group" aria-label=label>
            {caption.map(|caption| view! { <span class="meta">{caption}</span> })}
            {samples.into_iter().map(|sample| view! { <Thumb sample /> }).collect_view()}
        </div>
    }
}

#[component]
fn Thumb(sample: Sample) -> impl IntoView {
    let picture = expect_context::<Results>().picture;
    let client = expect_context::<Client>();
    let alt = sample.alt.clone();
    let on = move || picture.with(|shown| shown.as_ref().is_some_and(|shown| shown.picture.request.alt == alt));
    view! {
        <button type="button" class:on=on data-sample=sample.file.clone() title=sample.title.clone()
            on:click={
                let sample = sample.clone();
                move |_| client.show_sample(&sample)
            }
        >
            // The files that the first answer needs are fetched first.
            <img
                src=sample.thumb_path()
                alt=format!("Sample: {}", sample.title)
                loading="lazy"
                fetchpriority="low"
            />
        </button>
    }
}
