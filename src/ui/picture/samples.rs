//! Sample pictures.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::Results;
use crate::zoo::samples::{Sample, samples};

#[component]
pub(crate) fn Samples() -> impl IntoView {
    let (small, large): (Vec<_>, Vec<_>) = samples().into_iter().partition(Sample::is_small);
    let thumbs = |samples: Vec<Sample>| samples.into_iter().map(|sample| view! { <Thumb sample /> }).collect_view();
    view! {
        <div class="samples" role="group" aria-label="Sample photographs">{thumbs(large)}</div>
        <div class="samples small" role="group" aria-label="Test pictures of CIFAR-10, 32×32">{thumbs(small)}</div>
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
