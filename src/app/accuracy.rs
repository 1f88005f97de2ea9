//! How often the network is right: 200 test pictures on the visitor's GPU, counted, and the wrong ones shown.
//!
//! One closure makes all of it anew, and the library patches what differs: every signal and every kind of element of its
//! own would be a kilobyte for the visitor to fetch.

use leptos::prelude::*;
use web_sys::MouseEvent;

use super::backend::Backend;
use super::exam::Measured;
use super::page::{AdapterState, Page};
use super::setting::Setting;
use super::{address, engine, exam, mistakes};
use crate::plan::PlanOptions;
use crate::view::catalogue::FILE_ID;
use crate::view::confusion::{Confusion, Obstacle, Score, obstacle};
use crate::view::number;
use crate::view::test_set::{Item, PICTURES};

/// How far it is, which is what the button does next.
#[derive(Clone, Copy, PartialEq)]
pub enum Stage {
    /// Weights or a device are still on their way.
    Waiting,
    Fresh,
    Running,
    Stopped,
    Done,
}

impl Stage {
    /// Its name in the document, and what the button says.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Waiting => ("waiting", "Measure accuracy"),
            Self::Fresh => ("none", "Measure accuracy"),
            Self::Running => ("running", "Stop"),
            Self::Stopped => ("stopped", "Go on"),
            Self::Done => ("done", "Measure again"),
        }
    }
}

pub fn section(page: Page) -> AnyView {
    view! {
        <section id="accuracy" aria-labelledby="accuracy-title">
            <h2 id="accuracy-title">"Accuracy " <span>"how often it is right"</span></h2>
            {move || body(page)}
        </section>
    }
    .into_any()
}

fn body(page: Page) -> AnyView {
    let setting = page.setting.get();
    let all = page.accuracy.get();
    let measured = all.all.iter().find(|known| known.setting == setting);
    let confusion = measured.map(confusion).unwrap_or_default();
    let stage = match stage(page, &setting, all.wanted.as_ref(), confusion.total()) {
        Ok(stage) => stage,
        Err(obstacle) => return line("hindered", "meta", obstacle.words().into()),
    };
    let score = confusion.score();
    let stated = page.weights.get().and_then(|weights| weights.top1);
    view! {
        <div class="exam">
            <div>
                {controls(page, stage, score.total)}
                {outcome(stage, score, stated, measured)}
                {compared(page, &all.all)}
            </div>
            <div class="scroll" inner_html=confusion.html()></div>
            {mistakes::mistakes(page, measured)}
        </div>
    }
    .into_any()
}

fn stage(page: Page, setting: &Setting, wanted: Option<&Setting>, answers: usize) -> Result<Stage, Obstacle> {
    let trained = page.is_trained();
    let (hindered, awaited) = page.networks.with(|networks| {
        let network = &networks[setting.network];
        // Before its weights came nobody knows their names; the button waits.
        let awaited = trained && network.labels.is_none() && network.preparation.is_none();
        (obstacle(trained, network.labels.as_deref(), setting.config.num_classes), awaited)
    });
    let on_cpu = setting.backend == Backend::Cpu;
    let (missing, device) = page.adapter.with(|adapter| {
        (
            !on_cpu && matches!(adapter, AdapterState::Missing { .. }),
            on_cpu || matches!(adapter, AdapterState::Ready(_)),
        )
    });
    match hindered {
        Some(obstacle) if !awaited || obstacle == Obstacle::Imagenet => Err(obstacle),
        _ if missing => Err(Obstacle::NoGpu),
        _ if answers == PICTURES => Ok(Stage::Done),
        _ if wanted == Some(setting) => Ok(Stage::Running),
        _ if answers > 0 => Ok(Stage::Stopped),
        _ if awaited || !device || page.picture.with(Option::is_none) => Ok(Stage::Waiting),
        _ => Ok(Stage::Fresh),
    }
}

pub fn confusion(measured: &Measured) -> Confusion {
    Confusion::new(measured.answers.iter().map(|(item, answer)| (item.class, *answer)))
}

/// What can be clicked here; one kind of handler serves all of it.
#[derive(Clone, Copy)]
pub enum Click {
    Measure(Stage),
    /// A picture of the sheet.
    Picture(usize, Item),
}

pub fn clicked(page: Page, click: Click) -> impl Fn(MouseEvent) {
    move |_| match click {
        Click::Measure(stage) => press(page, stage),
        Click::Picture(index, item) => exam::show(page, index, item),
    }
}

fn press(page: Page, stage: Stage) {
    let setting = page.setting.get_untracked();
    page.accuracy.update(|accuracy| {
        if stage == Stage::Done {
            accuracy.all.retain(|known| known.setting != setting);
        }
        accuracy.wanted = (stage != Stage::Running).then_some(setting);
    });
    engine::wake(page);
}

fn controls(page: Page, stage: Stage, done: usize) -> AnyView {
    let (state, words) = stage.words();
    view! {
        <div class="controls" id="measuring" data-state=state>
            <button type="button" id="measure" class="plain" disabled=stage == Stage::Waiting on:click=clicked(page, Click::Measure(stage))>
                {words}
            </button>
            <progress max=PICTURES.to_string() value=done.to_string() aria-label="test pictures answered"></progress>
        </div>
    }
    .into_any()
}

/// A paragraph of the section.
pub fn line(id: &'static str, class: &'static str, text: String) -> AnyView {
    // What is said aloud is said once, when nothing more is to come.
    let role = (id == "spoken-accuracy").then_some("status");
    let id = (!id.is_empty()).then_some(id);
    view! { <p id=id class=class role=role>{text}</p> }.into_any()
}

fn outcome(stage: Stage, score: Score, stated: Option<f64>, measured: Option<&Measured>) -> Vec<AnyView> {
    let percent = score.percent();
    let pace = measured.map_or(String::new(), |now| {
        let rate = number::significant(now.answers.len() as f64 / now.ms * 1000.0);
        format!("{rate} pictures a second on this machine")
    });
    let spoken = if stage == Stage::Done { format!("{}, {percent}", score.counted()) } else { String::new() };
    let sample = "The first 20 pictures of each class of CIFAR-10’s test set (Krizhevsky, 2009), whatever a network says \
                  of them. ± is the standard error: two such samples of three lie within it.";
    vec![
        line("score", "num", score.counted()),
        line("percent", "num", percent),
        line("stated", "meta", score.beside(stated)),
        line("pace", "meta num", pace),
        line("sample", "meta", sample.into()),
        line("spoken-accuracy", "sr-only", spoken),
    ]
}

/// The settings measured so far, where there is something to compare.
fn compared(page: Page, all: &[Measured]) -> Vec<AnyView> {
    let words = |measured: &Measured| {
        let score = confusion(measured).score();
        let setting = &measured.setting;
        // A file has a name of its own.
        let name = page.networks.with(|networks| {
            let file = networks.get(setting.network).filter(|network| network.id == FILE_ID);
            file.map_or_else(|| setting.config.title(), |file| file.title.clone())
        });
        let share = score.share().map_or(0.0, |(share, _)| share);
        let PlanOptions { kind, weight_dtype, .. } = setting.options;
        let on = if setting.backend == Backend::Cpu { ", CPU" } else { "" };
        let plan = format!("{}, {weight_dtype}{on}", address::plan_name(kind));
        line("", "meta num compared", format!("{name}, {plan}: {}, {}", score.counted(), number::percent(share)))
    };
    if all.len() < 2 { Vec::new() } else { all.iter().map(words).collect() }
}
