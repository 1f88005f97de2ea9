//! The cardinality dial, how the network is run, and what that costs.

use leptos::prelude::*;

use super::address::{RUNS, plan_name};
use super::backend::{Backend, backend};
use super::chart;
use super::choice::{Stop, choice};
use super::page::{AdapterState, Page};
use super::tuning;
use crate::decimal::fixed;
use crate::model::ResNextConfig;
use crate::plan::{PlanKind, WeightDtype};
use crate::view::catalogue::Weights;
use crate::view::number;
use crate::view::shelf::trained_alike;

pub fn section(page: Page) -> AnyView {
    view! {
        <section id="cardinality-section" aria-labelledby="cardinality-title">
            <div class="head">
                <h2 id="cardinality-title">"Cardinality"</h2>
                <div class="controls">{backend(page)} {plan(page)} {weight_dtype(page)} {runs(page)}</div>
            </div>
            <div class="lab">
                <div>
                    {dial(page)}
                    <p class="explain" id="explain">{move || explain(page)}</p>
                    <p class="explain" id="alike">{move || alike(page)}</p>
                    {facts(page)}
                    {tuning::line(page)}
                </div>
                {chart::chart(page)}
            </div>
        </section>
    }
    .into_any()
}

fn dial(page: Page) -> AnyView {
    let stops = Signal::derive(move || {
        let network = page.networks.with(|networks| networks[page.network.get()].clone());
        let stop = |stop: &ResNextConfig| {
            let weights = network.weights_for(stop).and_then(|which| network.trained.get(which));
            stop_of(stop, weights)
        };
        page.stops.get().iter().map(stop).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || page.setting.get().config.cardinality);
    choice(
        "cardinality",
        "Groups in every red bar, at equal cost",
        "dial",
        stops,
        chosen,
        Callback::new(move |cardinality| {
            page.cardinality.set(cardinality);
        }),
    )
}

fn stop_of(stop: &ResNextConfig, weights: Option<&Weights>) -> Stop {
    let words = match stop.cardinality {
        1 => format!("One group: ResNet itself, base width {}", stop.base_width),
        groups => format!("{groups} groups, base width {}", stop.base_width),
    };
    let (words, mark) = match weights.map(|weights| weights.top1.map(number::accuracy)) {
        Some(Some(share)) => {
            (format!("{words}, trained, right on {share} of its test pictures"), format!(" · {share}"))
        }
        Some(None) => (format!("{words}, trained"), " · trained".into()),
        None => (words, String::new()),
    };
    Stop {
        value: stop.cardinality,
        label: stop.cardinality.to_string(),
        detail: Some(format!("{}{mark}", width_of(stop))),
        words,
    }
}

/// `4d`: channels a group in a stage of 64 planes, as the paper writes it.
fn width_of(stop: &ResNextConfig) -> String {
    let setting = stop.setting();
    setting.split_once('×').map_or(setting.clone(), |(_, width)| width.to_owned())
}

fn explain(page: Page) -> String {
    let groups = page.setting.get().config.cardinality;
    let cuts = match groups {
        1 => "Every red bar is whole: this is a ResNet.".to_owned(),
        _ => format!("Every red bar is cut into {groups} groups that do not see each other."),
    };
    let weights = if page.is_trained() { "" } else { " Untrained weights: latency only." };
    format!("{cuts} It is as tall as equal cost allows.{weights}")
}

/// What may be compared, and what may not, of the accuracies on the dial.
fn alike(page: Page) -> Option<String> {
    page.networks.with(|networks| page.stops.with(|stops| trained_alike(stops, &networks[page.network.get()].trained)))
}

fn facts(page: Page) -> AnyView {
    let now = Memo::new(move |_| page.timed_now());
    let wall = move || now.get().and_then(|timed| timed.wall().map(|stats| (timed.wall.len(), stats)));
    let gpu = move || now.get().and_then(|timed| timed.gpu().map(|stats| (timed.gpu.len(), stats)));
    let no_clock = move || matches!(page.adapter.get(), AdapterState::Ready(adapter) if !adapter.timestamps);
    let macs = move || page.graph.with(|graph| graph.macs());
    // A coarse clock may say zero.
    let known = move || gpu().or(wall()).filter(|(_, (ms, _))| *ms > 0.0);
    let rate = move || known().map(|(_, (ms, _))| number::count((macs() as f64 / ms * 1000.0) as u64));
    let value =
        |stats: Option<(usize, (f64, f64))>| stats.map_or("–".into(), |(_, (ms, _))| number::milliseconds(ms));
    let spread = |stats: Option<(usize, (f64, f64))>| {
        stats.map_or("\u{a0}".into(), |(runs, (ms, spread))| number::median_of(runs, ms, spread))
    };
    let gpu_spread = move || match page.backend() {
        Backend::Cpu => "this ran on the CPU".into(),
        Backend::WebGpu if no_clock() => "this adapter has no clock for it".into(),
        Backend::WebGpu => spread(gpu()),
    };
    view! {
        <dl class="facts">
            <div id="wall" data-ms=move || wall().map(|(_, (ms, _))| fixed(ms, 3)) data-runs=move || wall().map(|(runs, _)| runs.to_string())>
                <dt>"to the answer"</dt>
                <dd>{move || value(wall())}</dd>
                <dd class="small">{move || spread(wall())}</dd>
            </div>
            <div id="gpu" data-ms=move || gpu().map(|(_, (ms, _))| fixed(ms, 3))>
                <dt>"on the GPU"</dt>
                <dd>{move || value(gpu())}</dd>
                <dd class="small">{gpu_spread}</dd>
            </div>
            <div id="cost">
                <dt>"cost"</dt>
                <dd>{move || number::count(macs())}</dd>
                <dd class="small">"multiply-adds"</dd>
            </div>
            <div id="rate">
                <dt>"rate"</dt>
                <dd>{move || rate().unwrap_or_else(|| "–".into())}</dd>
                <dd class="small">"multiply-adds a second"</dd>
            </div>
        </dl>
    }
    .into_any()
}

fn plan(page: Page) -> AnyView {
    let stops = [
        (PlanKind::Fused, "Layers that follow each other in one step"),
        (PlanKind::Plain, "Every layer a step of its own"),
    ];
    let stops = stops.map(|(plan, words)| Stop::plain(plan as usize, plan_name(plan), words)).to_vec();
    let chosen = Signal::derive(move || page.plan.get() as usize);
    let stops = Signal::derive(move || stops.clone());
    choice(
        "plan",
        "Plan",
        "segments",
        stops,
        chosen,
        Callback::new(move |plan| {
            page.plan.set(if plan == PlanKind::Fused as usize { PlanKind::Fused } else { PlanKind::Plain });
        }),
    )
}

fn weight_dtype(page: Page) -> AnyView {
    let stops = [
        (WeightDtype::F32, "Weights on the GPU in 32 bits each"),
        (WeightDtype::F16, "Weights on the GPU in 16 bits each: half the memory, and rounded"),
    ];
    let stops = stops.map(|(dtype, words)| Stop::plain(dtype as usize, dtype.to_string(), words)).to_vec();
    let chosen = Signal::derive(move || page.weight_dtype.get() as usize);
    let stops = Signal::derive(move || stops.clone());
    let choose = move |dtype| {
        page.weight_dtype.set(if dtype == WeightDtype::F16 as usize { WeightDtype::F16 } else { WeightDtype::F32 });
    };
    let chooser = choice("weights", "Weights", "segments", stops, chosen, Callback::new(choose));
    // On the CPU there is nothing to choose: they are f32.
    view! { <div hidden=move || page.backend() == Backend::Cpu>{chooser}</div> }.into_any()
}

fn runs(page: Page) -> AnyView {
    let stop = |runs: usize| Stop::plain(runs, runs.to_string(), format!("Median of {runs} runs"));
    let stops = Signal::derive(move || RUNS.map(stop).to_vec());
    choice("runs", "Runs", "segments", stops, page.runs.into(), Callback::new(move |runs| page.runs.set(runs)))
}
