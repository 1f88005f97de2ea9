//! The region's frame, and the network's totals: parameters, multiply-adds, memory.

use leptos::prelude::*;

use super::controls::{Depth, Fold, Legend, Which};
use super::dispatches::Dispatches;
use super::drawing::NetworkDrawing;
use super::forms::FormsPanel;
use super::inside::InsidePanel;
use super::part_table::PartTable;
use super::provenance::Provenance;
use super::save::Save;
use super::whole_table::WholeTable;
use crate::protocol::Backend;
use crate::ui::state::{Choice, Results};
use crate::ui::widgets::Term;
use crate::view::{number, words};

#[component]
pub(crate) fn NetworkSection() -> impl IntoView {
    view! {
        <section id="network" aria-labelledby="network-title">
            <h2 id="network-title">"Network " <span class="stated"><Totals /></span></h2>
            <div class="controls">
                <Which />
                <Depth />
                <Fold />
                <Legend />
            </div>
            <NetworkDrawing />
            <p class="explain">
                "The picture enters on the left. Each block is three bars; a bar’s height shows its channels. \
                 A block’s output is added to its input (the arc)."
            </p>
            <PartTable />
            <InsidePanel />
            <FormsPanel />
            <WholeTable />
            <Dispatches />
            <Provenance />
            <Save />
        </section>
    }
}

#[component]
fn Totals() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let title = Signal::derive(move || choice.graph.with(|graph| graph.config.title()));
    let explained = Signal::derive(move || choice.graph.with(|graph| words::template_explained(&graph.config)));
    let costs = move || {
        choice.graph.with(|graph| {
            let (parameters, macs) = (number::count(graph.parameters()), number::count(graph.macs()));
            format!(" · {parameters} parameters · {macs} multiply-adds")
        })
    };
    let bytes = Memo::new(move |_| {
        let setting = choice.setting.get();
        results.memory.with(|memory| memory.as_ref().filter(|(of, _)| *of == setting).map(|(_, bytes)| *bytes))
    });
    let memory = move || {
        let place = if choice.runs_on() == Backend::Cpu { "of memory" } else { "on the GPU" };
        bytes.get().map(|bytes| format!(" · {} {place}", number::bytes(bytes)))
    };
    view! {
        <b id="title"><Term id="title-tip" text=title explained /></b>
        {costs}
        <span id="memory" data-bytes=move || bytes.get().map(|bytes| bytes.to_string())>{memory}</span>
    }
}
