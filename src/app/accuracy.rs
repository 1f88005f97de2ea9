//! How often the network is right: 200 test pictures on the visitor's GPU, counted, and the wrong ones shown.
//!
//! One memo and one closure over it: the library patches what differs, and every signal more is a kilobyte to fetch.

use leptos::prelude::*;

use super::page::{Accuracy, AdapterState, Measured, Network, Page, Work};
use super::{address, engine, matrix, mistakes};
use crate::view::catalogue::FILE_ID;
use crate::view::confusion::{Confusion, Obstacle, Score, obstacle};
use crate::view::number;
use crate::view::test_set::{PICTURES, SOURCE};

/// How far it is, which is what the button does next.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Hindered(Obstacle),
    /// Weights or a device are still on their way.
    Waiting,
    Fresh,
    Running,
    Stopped,
    Done,
}

impl Stage {
    /// The element's state, and what the button says.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Hindered(obstacle) => (obstacle.name(), ""),
            Self::Waiting => ("waiting", "Measure accuracy"),
            Self::Fresh => ("none", "Measure accuracy"),
            Self::Running => ("running", "Stop"),
            Self::Stopped => ("stopped", "Go on"),
            Self::Done => ("done", "Measure again"),
        }
    }
}

/// All that the section shows.
#[derive(Clone, PartialEq)]
struct Shown {
    stage: Stage,
    /// Of the chosen setting.
    measured: Option<Measured>,
    stated: Option<f64>,
    /// Every setting measured so far.
    compared: Vec<Compared>,
}

#[derive(Clone, PartialEq)]
struct Compared {
    name: String,
    score: Score,
    chosen: bool,
}

pub fn section(page: Page) -> AnyView {
    let shown = Memo::new(move |_| page.networks.with(|networks| page.accuracy.with(|all| show(page, networks, all))));
    view! {
        <section id="accuracy" aria-labelledby="accuracy-title">
            <h2 id="accuracy-title">"Accuracy " <span>"how often it is right"</span></h2>
            {move || body(page, &shown.get())}
        </section>
    }
    .into_any()
}

fn show(page: Page, networks: &[Network], accuracy: &Accuracy) -> Shown {
    let setting = page.setting.get();
    let network = &networks[setting.network];
    let measured = accuracy.all.iter().find(|known| known.setting == setting).cloned();
    let answers = measured.as_ref().map_or(0, |measured| measured.answers.len());
    let stopped = page.work.with(|work| matches!(work, Work::Failed(_)));
    let device = page.adapter.with(|adapter| matches!(adapter, AdapterState::Ready(_)));
    let trained = page.is_trained();
    // Before its weights came nobody knows their names; the button waits.
    let awaited = trained && network.labels.is_none() && network.preparation.is_none();
    let stage = match obstacle(trained, network.labels.as_deref(), setting.config.num_classes) {
        Some(obstacle) if !awaited || obstacle == Obstacle::Imagenet => Stage::Hindered(obstacle),
        _ if answers == PICTURES => Stage::Done,
        _ if accuracy.wanted.as_ref() == Some(&setting) && !stopped => Stage::Running,
        _ if answers > 0 => Stage::Stopped,
        _ if awaited || !device || page.picture.with(Option::is_none) => Stage::Waiting,
        _ => Stage::Fresh,
    };
    let stated = page.weights.get().and_then(|weights| weights.top1);
    let compared = accuracy.all.iter().map(|known| Compared {
        name: name(networks, known),
        score: confusion(known).score(),
        chosen: known.setting == setting,
    });
    Shown { stage, measured, stated, compared: compared.collect() }
}

/// The setting, or the file it came from.
fn name(networks: &[Network], measured: &Measured) -> String {
    let setting = &measured.setting;
    let file = networks.get(setting.network).filter(|network| network.id == FILE_ID);
    let title = file.map_or_else(|| setting.config.title(), |file| file.title.clone());
    format!("{title}, {}, {}", address::plan_name(setting.options.kind), setting.options.weight_dtype)
}

pub fn confusion(measured: &Measured) -> Confusion {
    Confusion::new(measured.answers.iter().map(|(item, answer)| (item.class, *answer)))
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

fn body(page: Page, shown: &Shown) -> AnyView {
    if let Stage::Hindered(obstacle) = shown.stage {
        return view! { <p class="meta">{obstacle.words()}</p> }.into_any();
    }
    let counted = shown.measured.as_ref().map(confusion).unwrap_or_default();
    view! {
        <div class="exam">
            <div>
                {controls(page, shown.stage, counted.total())}
                {outcome(shown, counted.score())}
                {compared(&shown.compared)}
            </div>
            {matrix::matrix(&counted)}
            {mistakes::mistakes(page, shown.measured.as_ref())}
        </div>
    }
    .into_any()
}

fn controls(page: Page, stage: Stage, done: usize) -> AnyView {
    let class = if stage == Stage::Running { "" } else { "idle" };
    view! {
        <div class="controls">
            <button
                type="button"
                id="measure"
                class="plain"
                disabled=stage == Stage::Waiting
                data-stage=stage.words().0
                on:click=move |_| press(page, stage)
            >
                {stage.words().1}
            </button>
            <progress max=PICTURES.to_string() value=done.to_string() class=class aria-label="test pictures answered"></progress>
        </div>
    }
    .into_any()
}

fn outcome(shown: &Shown, score: Score) -> AnyView {
    let any = score.total > 0;
    let counted = if any { score.counted() } else { format!("– of {PICTURES} right") };
    let percent = if any { score.percent() } else { "\u{a0}".into() };
    let pace = shown.measured.as_ref().filter(|now| now.ms > 0.0).map_or_else(
        || "\u{a0}".into(),
        |now| {
            let rate = now.answers.len() as f64 / now.ms * 1000.0;
            format!("{} pictures a second on this machine", number::significant(rate))
        },
    );
    // Said once, when nothing more is to come.
    let spoken = if shown.stage == Stage::Done { format!("{counted}, {percent}") } else { String::new() };
    view! {
        <p id="score" class="num"><b>{counted}</b> {percent}</p>
        <p class="meta num" id="stated">{score.beside(shown.stated)}</p>
        <p class="meta num" id="pace">{pace}</p>
        <p class="meta">
            "The first 20 pictures of each class of " <a href=SOURCE target="_blank" rel="noreferrer">"CIFAR-10"</a>
            "’s test set (Krizhevsky, 2009), whatever a network says of them."
        </p>
        <p class="sr-only" role="status">{spoken}</p>
    }
    .into_any()
}

/// The settings measured so far, where there is something to compare.
fn compared(all: &[Compared]) -> AnyView {
    let row = |one: &Compared| {
        let share = one.score.share().map(|(share, error)| format!("{} ±{:.1}", number::percent(share), error * 100.0));
        view! {
            <tr class=if one.chosen { "on" } else { "" }>
                <th scope="row">{one.name.clone()}</th>
                <td>{format!("{} of {}", one.score.right, one.score.total)}</td>
                <td>{share}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    view! {
        <table id="compared" hidden=all.len() < 2>
            <caption>"Measured so far, on the same pictures"</caption>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
