//! What is missing, what is being learned, how well it was learned, and what was left out.

use leptos::prelude::*;

use super::wrong::WrongPictures;
use crate::protocol::Work;
use crate::ui::client::Client;
use crate::ui::state::{Choice, Results, Teach};
use crate::view::{teach as say, words};

#[component]
pub(super) fn OutcomeLines() -> impl IntoView {
    let teach = expect_context::<Teach>();
    let results = expect_context::<Results>();
    let obstacle = move || say::obstacle(&teach.counted());
    let is_busy = move || teach.is_learning.get() && obstacle().is_none();
    let choice = expect_context::<Choice>();
    let is_turned = move || {
        let place = teach.outcome.with(|outcome| outcome.as_ref().map(|outcome| outcome.learned.network));
        place == Some(choice.network.get()) && !choice.is_trained()
    };
    let state = move || match (obstacle(), teach.failed.get()) {
        (Some(obstacle), _) => obstacle,
        _ if is_turned() => say::TURNED.into(),
        (None, Some(reason)) => words::sentence(&reason),
        (None, None) => {
            teach.outcome.with(|outcome| outcome.as_ref().map_or_else(String::new, |of| say::outcome(&of.learned)))
        }
    };
    let details = move || {
        let busy = is_busy().then(|| {
            results.work.with(|work| match work {
                Work::Teaching { .. } | Work::Learning => words::work(work),
                _ => "learning".into(),
            })
        });
        busy.or_else(|| {
            teach.outcome.with(|outcome| {
                let learned = &outcome.as_ref()?.learned;
                Some(say::times(learned.features_ms, learned.learn_ms))
            })
        })
    };
    let few = move || obstacle().is_none().then(|| say::small(&teach.counted())).flatten();
    let left_out = move || teach.left_out.get().into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
    view! {
        <div class="outcome" data-state=move || if is_busy() { "learning" } else { "still" }>
            <p id="teach-state" role="status">{state}</p>
            <p id="teach-details" class="meta num">{details}</p>
            <p id="teach-few" class="meta">{few}</p>
            <WrongPictures />
            <div class="left-out" hidden=move || teach.left_out.with(Vec::is_empty)>
                <h3>"Left out"</h3>
                <div role="status"><ul id="teach-left-out">{left_out}</ul></div>
                <button type="button" class="plain" on:click=move |_| teach.left_out.set(Vec::new())>"Dismiss"</button>
            </div>
            <Network />
        </div>
    }
}

/// Which network has learned, where it is not the one on the page.
#[component]
fn Network() -> impl IntoView {
    let teach = expect_context::<Teach>();
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let places = Memo::new(move |_| {
        let learned = teach.outcome.with(|outcome| {
            let learned = &outcome.as_ref()?.learned;
            Some((learned.network, learned.base))
        });
        learned.filter(|(network, _)| *network != choice.network.get())
    });
    let title = move |place: usize| choice.at(place, |listed| listed.network().title.clone()).unwrap_or_default();
    move || {
        let (network, base) = places.get()?;
        let now = choice.network.get();
        Some(view! {
            <div class="give">
                <p class="meta">{format!("Learned on {}.", title(base))}</p>
                <button type="button" class="plain" id="teach-use" on:click=move |_| client.use_listed(network)>
                    "Use what has learned"
                </button>
                <button type="button" class="plain" id="teach-here" on:click=move |_| client.learn()>
                    {format!("Learn on {}", title(now))}
                </button>
            </div>
        })
    }
}
