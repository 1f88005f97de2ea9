//! The cost of a run of the chosen network.

use leptos::prelude::*;

use crate::protocol::Backend;
use crate::ui::state::{Choice, Device, Results};
use crate::view::chart::median_and_spread;
use crate::view::number;

/// Runs, and their median and spread in milliseconds.
type Measured = Option<(usize, (f64, f64))>;

fn measured(samples: &[f64]) -> Measured {
    median_and_spread(samples).map(|stats| (samples.len(), stats))
}

fn median(measured: Measured) -> String {
    measured.map_or("–".into(), |(_, (ms, _))| number::milliseconds(ms))
}

fn spread(measured: Measured) -> String {
    measured.map_or("\u{a0}".into(), |(runs, (ms, spread))| number::median_of(runs, ms, spread))
}

/// For `data-ms`.
fn exact(measured: Measured) -> Option<String> {
    measured.map(|(_, (ms, _))| format!("{ms:.3}"))
}

#[component]
pub(crate) fn Facts() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let Device { gpu: adapter, .. } = expect_context();
    let timed = expect_context::<Results>().timed_now;
    let wall = Memo::new(move |_| timed.with(|timed| timed.as_ref().and_then(|timed| measured(&timed.wall))));
    let gpu = Memo::new(move |_| timed.with(|timed| timed.as_ref().and_then(|timed| measured(&timed.gpu))));
    let macs = move || choice.graph.with(|graph| graph.macs());
    let rate = move || {
        // A coarse clock may measure zero.
        let (_, (ms, _)) = gpu.get().or(wall.get()).filter(|(_, (ms, _))| *ms > 0.0)?;
        Some(number::count((macs() as f64 / ms * 1000.0) as u64))
    };
    let has_no_clock = move || adapter.with(|gpu| gpu.adapter().is_some_and(|adapter| !adapter.timestamps));
    let gpu_spread = move || if has_no_clock() { "this adapter has no timestamps".into() } else { spread(gpu.get()) };
    let runs = move || wall.get().map(|(runs, _)| runs.to_string());
    view! {
        <dl class="facts">
            <div id="wall" data-ms=move || exact(wall.get()) data-runs=runs>
                <dt>"end to end"</dt>
                <dd>{move || median(wall.get())}</dd>
                <dd class="small">{move || spread(wall.get())}</dd>
            </div>
            <div id="gpu" hidden=move || choice.runs_on() == Backend::Cpu data-ms=move || exact(gpu.get())>
                <dt>"on the GPU"</dt>
                <dd>{move || median(gpu.get())}</dd>
                <dd class="small">{gpu_spread}</dd>
            </div>
            <div id="cost">
                <dt>"compute"</dt>
                <dd>{move || number::count(macs())}</dd>
                <dd class="small">"multiply-adds"</dd>
            </div>
            <div id="rate">
                <dt>"throughput"</dt>
                <dd>{move || rate().unwrap_or_else(|| "–".into())}</dd>
                <dd class="small">"multiply-adds/s"</dd>
            </div>
        </dl>
    }
}
