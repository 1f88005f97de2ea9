//! What is to be trained: pictures, networks, epochs, seed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::protocol::RaceData;
use crate::ui::client::Racing;
use crate::ui::state::Race;
use crate::ui::widgets::{RadioGroup, RadioOption};
use crate::view::race::{Family, cost};
use crate::view::words;

/// The numbers of epochs to choose from.
const EPOCHS: [usize; 4] = [3, 10, 30, 100];

#[component]
pub(super) fn Setup() -> impl IntoView {
    let race = expect_context::<Race>();
    let is_busy = Memo::new(move |_| race.stage.with(|stage| stage.is_under_way()));
    let data = [
        RadioOption::new(
            0,
            "bundled",
            "CIFAR-10",
            "5,000 pictures of CIFAR-10 that come with this page (3.6 MB), and its 200 test pictures",
        ),
        RadioOption::new(1, "own", "your own", "Folders of your own pictures, a folder per class"),
    ];
    let family = |family: Family| {
        let (label, words) = match family {
            Family::Small => ("small", "A small network, which learns something within a minute on a processor"),
            Family::Shipped => ("ResNeXt-20", "The network that comes with this page: for a GPU, and for patience"),
        };
        RadioOption::new(family as usize, family.name(), label, words)
    };
    let cardinalities = move |place: usize| {
        let option = |cardinality: usize| {
            let groups = if cardinality == 1 { "group" } else { "groups" };
            RadioOption::new(cardinality, cardinality, cardinality.to_string(), format!("{cardinality} {groups}"))
        };
        let options =
            Signal::derive(move || race.family.get().cardinalities().into_iter().map(option).collect::<Vec<_>>());
        let chosen = Signal::derive(move || race.cardinalities.get()[place]);
        let choose = move |cardinality| race.choose(place, cardinality);
        let (name, legend) = match place {
            0 => ("race-fewer", "Groups"),
            _ => ("race-more", "against groups"),
        };
        view! { <RadioGroup name legend class="segments" options chosen choose /> }
    };
    let epochs = EPOCHS.map(|epochs| {
        RadioOption::new(
            epochs,
            epochs,
            epochs.to_string(),
            format!("{epochs} epochs: every picture is seen {epochs} times"),
        )
    });
    let seed_changed = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(seed) = input.and_then(|input| input.value().trim().parse().ok()) {
            race.seed.set(seed);
        }
    };
    let told = move || {
        let networks = race.networks();
        let costs = networks.each_ref().map(cost);
        words::race_cost(&networks, costs)
    };
    let choose_data = move |place| race.data.set(if place == 0 { RaceData::Bundled } else { RaceData::Own });
    let choose_family = move |place: usize| race.choose_family(Family::ALL[place.min(1)]);
    view! {
        <fieldset id="race-setup" disabled=is_busy>
            <legend class="sr-only">"What is trained"</legend>
            <div class="controls">
                <RadioGroup
                    name="race-data"
                    legend="Pictures"
                    class="segments"
                    options=Signal::stored(data.to_vec())
                    chosen=Signal::derive(move || race.data.get() as usize)
                    choose=choose_data
                />
                <RadioGroup
                    name="race-family"
                    legend="Networks"
                    class="segments"
                    options=Signal::stored(Family::ALL.map(family).to_vec())
                    chosen=Signal::derive(move || race.family.get() as usize)
                    choose=choose_family
                />
                {cardinalities(0)}
                {cardinalities(1)}
                <RadioGroup
                    name="race-epochs"
                    legend="Epochs"
                    class="segments"
                    options=Signal::stored(epochs.to_vec())
                    chosen=race.epochs
                    choose=move |epochs| race.epochs.set(epochs)
                />
                <label class="number">
                    "Seed"
                    <input
                        type="number"
                        id="race-seed"
                        min="0"
                        step="1"
                        inputmode="numeric"
                        prop:value=move || race.seed.get().to_string()
                        on:change=seed_changed
                    />
                </label>
            </div>
            {move || (race.data.get() == RaceData::Own).then(|| view! { <Own /> })}
            <p class="meta num" id="race-cost">{told}</p>
        </fieldset>
    }
}

/// The visitor's own folders.
#[component]
fn Own() -> impl IntoView {
    let race = expect_context::<Race>();
    let racing = expect_context::<Racing>();
    let chosen = move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        racing.take_files(input.files());
        // Otherwise choosing the same folder again would not be a change.
        input.set_value("");
    };
    let told = move || race.own.with(|own| own.as_ref().map(words::own_pictures));
    let left = move || race.own.with(|own| own.as_ref().map(|own| own.left.to_string()));
    view! {
        <div class="controls">
            <label class="plain file">
                "Choose a folder"
                <input type="file" id="race-folder" multiple prop:webkitdirectory=true on:change=chosen />
            </label>
            <label class="plain file">
                "Choose CIFAR-10’s archive"
                <input type="file" id="race-archive" accept=".tar.gz,.tgz,.tar,.gz" on:change=chosen />
            </label>
            <span class="meta">{words::OWN_EXPLAINED}</span>
        </div>
        <p class="meta" id="race-own" role="status" data-left=left>{told}</p>
    }
}
