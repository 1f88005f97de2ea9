//! ResNet-50 beside ResNeXt-50: the paper's claim as a small table, with the latency measured here.

use leptos::prelude::*;

use crate::model::{BlockForm, Graph, ResNextConfig};
use crate::protocol::Setting;
use crate::ui::client::Client;
use crate::ui::state::{Choice, Results};
use crate::ui::widgets::TableHead;
use crate::view::chart::median_and_spread;
use crate::view::number;
use crate::zoo::{UNTRAINED_ID, paper_error};

/// Cardinality and base width of the two, at equal cost.
const PAIR: [(&str, usize, usize); 2] = [("ResNet-50", 1, 64), ("ResNeXt-50", 32, 4)];
const COLUMNS: [&str; 5] = ["network", "parameters", "multiply-adds", "error, ImageNet", "latency here"];

#[component]
pub(crate) fn ResNetSection() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let settings = Memo::new(move |_| {
        let network = choice.place_of(UNTRAINED_ID).unwrap_or_default();
        let setting = choice.setting.get();
        PAIR.map(|(_, cardinality, base_width)| Setting {
            network,
            config: ResNextConfig::imagenet([3, 4, 6, 3], cardinality, base_width),
            ..setting.clone()
        })
    });
    let rows = (0..PAIR.len()).map(|index| view! { <Row index settings /> });
    view! {
        <section class="pair" aria-labelledby="pair-title">
            <h2 id="pair-title">"ResNet-50 and ResNeXt-50"</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="ResNet-50 beside ResNeXt-50">
                <table id="pair">
                    <caption>"The paper’s claim: at the cost of ResNet-50, ResNeXt-50 is more accurate."</caption>
                    <TableHead columns=COLUMNS />
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <button
                type="button"
                id="time-pair"
                class="plain"
                on:click=move |_| client.time(settings.get_untracked().to_vec())
            >
                "Time both here"
            </button>
        </section>
    }
}

#[component]
fn Row(index: usize, settings: Memo<[Setting; 2]>) -> impl IntoView {
    let results = expect_context::<Results>();
    let config = settings.with_untracked(|settings| settings[index].config.clone());
    let side = config.stem.default_input_size();
    let graph = Graph::build(&config, 1, (side, side), BlockForm::C).ok();
    let of = |read: fn(&Graph) -> u64| graph.as_ref().map(|graph| number::count(read(graph)));
    let error = paper_error(&config).map(|error| format!("{error:.1} %"));
    let ms = Memo::new(move |_| {
        let runs = settings.with(|settings| results.timed_of(&settings[index]))?;
        median_and_spread(&runs.wall).map(|(ms, _)| ms)
    });
    view! {
        <tr data-ms=move || ms.get().map(|ms| format!("{ms:.3}"))>
            <th scope="row">{PAIR[index].0} " " {config.template()}</th>
            <td>{of(Graph::parameters)}</td>
            <td>{of(Graph::macs)}</td>
            <td>{error}</td>
            <td>{move || ms.get().map_or("–".into(), number::milliseconds)}</td>
        </tr>
    }
}
