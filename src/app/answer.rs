//! What came out: five guesses, or why there are none.

use leptos::prelude::*;

use super::backend::{self, Backend};
use super::engine;
use super::outcome::Answered;
use super::page::{AdapterState, Page, Work};
use crate::decimal::fixed;
use crate::view::number;

pub fn section(page: Page) -> AnyView {
    let state = move || answer_state(page);
    view! {
        <section id="answer" aria-labelledby="answer-title" data-state=state>
            <h2 id="answer-title">"Answer " <span>{move || heading(page)}</span></h2>
            <div class="reserved">{move || body(page, state())}</div>
            <p class="meta" id="timing">{move || timing(page)}</p>
            {backend::place(page)}
            {classes(page)}
            <p class="sr-only" role="status" id="spoken">{move || spoken(page, state())}</p>
        </section>
    }
    .into_any()
}

/// `none`, `fresh`, `stale` (dimmed until the new one comes), `untrained`, `failed`, or why there is no device.
fn answer_state(page: Page) -> &'static str {
    if let (Backend::WebGpu, AdapterState::Missing { kind, .. }) = (page.backend(), page.adapter.get()) {
        return kind;
    }
    if matches!(page.work.get(), Work::Failed(_)) {
        return "failed";
    }
    if !page.is_trained() {
        return "untrained";
    }
    let setting = page.setting.get();
    let picture = page.picture.with(|picture| picture.as_ref().map(|picture| picture.id));
    page.answer.with(|answer| match answer {
        None => "none",
        Some(answer) if Some(answer.picture) == picture && answer.setting == setting && !page.preparing.get() => {
            "fresh"
        }
        Some(answer) if answer.setting.network == setting.network => "stale",
        Some(_) => "none",
    })
}

fn heading(page: Page) -> String {
    match page.weights.get().and_then(|weights| weights.top1) {
        Some(share) => format!("right on {} of its test pictures", number::accuracy(share)),
        None => String::new(),
    }
}

fn body(page: Page, state: &'static str) -> AnyView {
    match state {
        "untrained" => untrained(page),
        "fresh" | "stale" => page.answer.with(|answer| answer.as_ref().map(list)).into_any(),
        "none" => waiting(page),
        "failed" => {
            let text = page.work.with(|work| if let Work::Failed(text) = work { text.clone() } else { String::new() });
            trouble("This did not work", text, "The drawing, the dial and the table work all the same.", page)
        }
        _ => {
            let text = page.adapter.with(|adapter| match adapter {
                AdapterState::Missing { text, .. } => text.clone(),
                _ => String::new(),
            });
            let title = match state {
                "no-webgpu" => "No WebGPU here",
                "no-adapter" => "No graphics adapter",
                "limits" => "Too small an adapter",
                _ => "The GPU could not be opened",
            };
            let rest = "The drawing, the dial and the table work all the same, and so does the network on the CPU.";
            trouble(title, text, rest, page)
        }
    }
}

fn untrained(page: Page) -> AnyView {
    let weights = page.networks.with(|networks| !networks[page.network.get()].trained.is_empty());
    let back = if weights {
        "For answers, turn back to the depth and the stop marked “trained”."
    } else {
        "For answers, choose a trained network, or drop in your own weights as .safetensors."
    };
    view! {
        <div class="words">
            <h3>"Untrained weights: latency only"</h3>
            <p>"This network has never seen a picture: it can be timed, but names nothing. " {back}</p>
        </div>
    }
    .into_any()
}

fn trouble(title: &'static str, text: String, rest: &'static str, page: Page) -> AnyView {
    view! {
        <div class="words error" role="alert">
            <h3>
                <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                    <path class="sign" d="M10 2.5 19 17.5H1z" />
                    <path class="mark" d="M10 8v4.5M10 14.4v.6" />
                </svg>
                {title}
            </h3>
            <p>{text}</p>
            <p>{rest}</p>
            <button type="button" id="again" class="plain" on:click=move |_| engine::try_again(page)>"Try again"</button>
        </div>
    }
    .into_any()
}

/// Before the first answer: empty rows where it will stand, so that nothing moves.
fn waiting(page: Page) -> AnyView {
    let words = move || {
        page.work.with(|work| match work {
            Work::Loading(text, _) | Work::Running(text, _) => text.clone(),
            _ if page.picture.with(Option::is_none) => "choose a picture".into(),
            _ => String::new(),
        })
    };
    let rows = (0..5).map(|row| {
        view! {
            <li>
                <span class="name">{move || if row == 0 { words() } else { "\u{a0}".into() }}</span>
                <span class="pct"></span>
                <span class="bar"></span>
            </li>
        }
    });
    view! { <ol class="empty">{rows.collect_view()}</ol> }.into_any()
}

fn list(answer: &Answered) -> AnyView {
    let row = |(label, probability): &(String, f32)| {
        let share = f64::from(*probability);
        view! {
            <li data-label=label.clone() data-probability=fixed(share, 6)>
                <span class="name">{label.clone()}</span>
                <span class="pct">{number::percent(share)}</span>
                <span class="bar"><i style:width=format!("{}%", fixed(share * 100.0, 2))></i></span>
            </li>
        }
    };
    // For whoever wants to compare with another engine: every class's logit.
    let logits: Vec<String> = answer.logits.iter().map(|&logit| fixed(logit.into(), 7)).collect();
    view! { <ol id="top" data-logits=logits.join(" ")>{answer.top.iter().map(row).collect_view()}</ol> }.into_any()
}

fn timing(page: Page) -> String {
    let prepare = page.picture.with(|picture| picture.as_ref().map(|picture| picture.prepare_ms));
    page.answer.with(|answer| {
        let Some(answer) = answer.as_ref().filter(|_| page.is_trained()) else { return "\u{a0}".into() };
        let gpu = answer.gpu_ms.map(|ms| format!("{} on the GPU · ", number::milliseconds(ms)));
        let prepare = prepare.map(|ms| format!(" · {} to prepare", number::milliseconds(ms)));
        let wall = number::milliseconds(answer.wall_ms);
        format!("{}{wall} in all{}", gpu.unwrap_or_default(), prepare.unwrap_or_default())
    })
}

/// What it can answer at all: a cup of coffee may not be among it.
fn classes(page: Page) -> AnyView {
    let words = move || {
        let network = page.networks.with(|networks| networks[page.network.get()].clone());
        match &network.labels {
            Some(labels) if labels.len() <= 20 => {
                format!("It knows these things and no others: {}.", labels.join(", "))
            }
            Some(labels) => format!("It knows {} classes and nothing else.", labels.len()),
            // Its names are in the file that is still on its way.
            None if network.preparation.is_none() && !network.trained.is_empty() => "\u{a0}".into(),
            None => format!("{} classes, without names.", network.config.num_classes),
        }
    };
    view! { <p class="meta classes" id="classes">{words}</p> }.into_any()
}

/// One sentence for a screen reader, when there is something new to say.
fn spoken(page: Page, state: &'static str) -> String {
    match state {
        "fresh" => page.answer.with(|answer| {
            let best = answer.as_ref().and_then(|answer| answer.top.first().cloned());
            best.map(|(label, share)| format!("{label}, {}", number::percent(f64::from(share)))).unwrap_or_default()
        }),
        "untrained" => "Untrained weights: latency only".into(),
        _ => String::new(),
    }
}
