//! The settings of a run: backend, plan, data type of the weights, number of cores, number of runs.

use leptos::prelude::*;

use crate::plan::{GpuDtype, PlanKind};
use crate::protocol::Backend;
use crate::ui::state::{Choice, Device};
use crate::ui::widgets::{RadioGroup, RadioOption};
use crate::view::link::RUNS;
use crate::view::words;

const CLASS: &str = "segments";

#[component]
pub(crate) fn BackendChoice() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let option = |backend: Backend| {
        let explained = match backend {
            Backend::WebGpu => "Run on the GPU, with WebGPU",
            Backend::Cpu => "Run on the processor, with WebAssembly; weights are kept in 32 bits",
        };
        RadioOption::new(backend, backend.name(), words::backend(backend), explained)
    };
    let options = Backend::ALL.map(option).to_vec();
    let chosen = Signal::derive(move || choice.runs_on());
    let choose = move |backend| choice.backend.set(Some(backend));
    view! { <RadioGroup name="backend" legend="Run on" class=CLASS options=Signal::stored(options) chosen choose /> }
}

#[component]
pub(crate) fn PlanChoice() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let option = |kind: PlanKind| RadioOption::new(kind, kind, kind.to_string(), words::plan_explained(kind));
    let options = Signal::stored([PlanKind::Fused, PlanKind::Plain].map(option).to_vec());
    let choose = move |kind| choice.plan.set(kind);
    view! { <RadioGroup name="plan" legend="Plan" class=CLASS options chosen=choice.plan choose /> }
}

/// Hidden on the CPU, where weights are always f32.
#[component]
pub(crate) fn WeightsChoice() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let option = |dtype: GpuDtype| RadioOption::new(dtype, dtype, dtype.to_string(), words::weights_explained(dtype));
    let options = Signal::stored([GpuDtype::F32, GpuDtype::F16].map(option).to_vec());
    let choose = move |dtype| choice.weight_dtype.set(dtype);
    view! {
        <div hidden=move || choice.runs_on() == Backend::Cpu>
            <RadioGroup name="weights" legend="Weights" class=CLASS options chosen=choice.weight_dtype choose />
        </div>
    }
}

/// Hidden on the GPU, and where networks are not shared.
#[component]
pub(crate) fn CoresChoice() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let known = expect_context::<Device>().cores;
    let option = |cores: usize| RadioOption::new(cores, cores, cores.to_string(), words::cores_explained(cores));
    let options = Signal::derive(move || known.with(|known| known.counts().map(option).collect::<Vec<_>>()));
    let chosen = Signal::derive(move || choice.setting.with(|setting| setting.cores));
    let choose = move |cores| choice.cores.set(Some(cores));
    view! {
        <div hidden=move || choice.runs_on() == Backend::WebGpu || known.with(|known| known.most < 2)>
            <RadioGroup name="cores" legend="Cores" class=CLASS options chosen choose />
        </div>
    }
}

#[component]
pub(crate) fn RunsChoice() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let option = |runs: usize| RadioOption::new(runs, runs, runs.to_string(), format!("Median of {runs} runs"));
    let options = Signal::stored(RUNS.map(option).to_vec());
    let choose = move |runs| choice.runs.set(runs);
    view! { <RadioGroup name="runs" legend="Runs" class=CLASS options chosen=choice.runs choose /> }
}
