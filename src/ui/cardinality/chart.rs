//! What cardinality does, at a glance: a curve of latency, a curve of accuracy, and the latency on the other backend.

use leptos::html;
use leptos::prelude::*;

use super::points::{MedianAndSpread, Point, Scale};
use crate::protocol::Backend;
use crate::ui::state::Choice;
use crate::ui::widgets::{TableHead, width_of};
use crate::view::chart::Axis;
use crate::view::number::{self, px};
use crate::view::words;
use crate::zoo::Recipe;

/// Width in CSS pixels until the container has been measured.
const USUAL_WIDTH: f64 = 420.0;
const LEFT: f64 = 72.0;
/// The panel of latencies, from its title to its baseline.
const TIMES: Panel = Panel { title: 12.0, top: 36.0, ground: 96.0 };
/// The panel of accuracies.
const ACCURACIES: Panel = Panel { title: 122.0, top: 144.0, ground: 166.0 };
const NAMES: f64 = 190.0;
const OTHER: f64 = 209.0;
const HEIGHT: f64 = 214.0;
/// Columns narrower than this have no room for `32×2d`.
const NARROW: f64 = 40.0;

/// Heights from the upper edge.
struct Panel {
    title: f64,
    top: f64,
    ground: f64,
}

impl Panel {
    /// The y of a share of the panel's axis.
    fn y(&self, share: f64) -> f64 {
        self.ground - (self.ground - self.top) * share
    }
}

#[component]
pub(crate) fn Chart(points: Memo<Vec<Point>>) -> impl IntoView {
    let choice = expect_context::<Choice>();
    let frame = NodeRef::<html::Div>::new();
    let width = width_of(frame, 0.0, USUAL_WIDTH);
    let view_box = move || format!("0 0 {:.0} {HEIGHT:.0}", width.get());
    let drawn = move || points.with(|points| contents(points, choice.runs_on(), width.get()));
    view! {
        <div node_ref=frame>
            <svg id="chart" viewBox=view_box role="img" aria-label=move || points.with(|points| spoken(points))>
                {drawn}
            </svg>
        </div>
        <div class="sr-only"><table id="latency">
            <caption>"Latency of the cardinalities measured so far"</caption>
            <TableHead columns=["setting", "end to end", "on the GPU"] />
            <tbody>{move || points.with(|points| points.iter().filter_map(row).collect_view())}</tbody>
        </table></div>
    }
}

fn row(point: &Point) -> Option<impl IntoView + use<>> {
    let (wall, gpu, runs) = (point.wall()?, point.gpu(), point.runs());
    let cell = |(ms, spread)| format!("{}, {}", number::milliseconds(ms), number::median_of(runs, ms, spread));
    Some(view! {
        <tr
            data-cardinality=point.config.cardinality.to_string()
            data-wall-ms=format!("{:.3}", wall.0)
            data-gpu-ms=gpu.map(|(ms, _)| format!("{ms:.3}"))
            data-other-ms=point.wall_on_other().map(|ms| format!("{ms:.3}"))
            data-runs=runs.to_string()
        >
            <th scope="row">{point.config.template()}</th>
            <td>{cell(wall)}</td>
            <td>{gpu.map(cell)}</td>
        </tr>
    })
}

fn spoken(points: &[Point]) -> String {
    let measured = points.iter().filter_map(|point| {
        let (ms, _) = point.wall()?;
        Some(format!("{} {}", point.config.template(), number::milliseconds(ms)))
    });
    let measured: Vec<String> = measured.collect();
    if measured.is_empty() {
        return "Latency over cardinality; nothing measured yet".into();
    }
    format!("Latency over cardinality: {}", measured.join(", "))
}

fn contents(points: &[Point], backend: Backend, width: f64) -> AnyView {
    let pitch = (width - LEFT) / points.len() as f64;
    let at = |index: usize| LEFT + pitch * (index as f64 + 0.5);
    let name = |(index, point): (usize, &Point)| {
        let class = if point.is_chosen { "cardinality on" } else { "cardinality" };
        let config = &point.config;
        let text = if pitch < NARROW { config.cardinality.to_string() } else { config.template() };
        view! { <text class=class x=px(at(index)) y=px(NAMES)>{text}</text> }
    };
    view! {
        {times(points, backend, width, &at)}
        {accuracies(points, width, &at)}
        {points.iter().enumerate().map(name).collect_view()}
        {other(points, backend.other(), &at)}
    }
    .into_any()
}

/// The panel of latencies: end to end, and on the GPU where it has a clock.
fn times(points: &[Point], backend: Backend, width: f64, at: &dyn Fn(usize) -> f64) -> AnyView {
    let scale = Scale::of(points);
    let y = |ms: f64| TIMES.y(scale.axis.share(ms / scale.ms));
    let tick = |&tick: &f64| {
        let (y, label) = (y(tick * scale.ms), Axis::label(tick));
        view! {
            <line class="grid" x1=px(LEFT - 24.0) x2=px(width) y1=px(y) y2=px(y) />
            <text class="quiet tick" x=px(LEFT - 30.0) y=px(y + 4.0)>{label}</text>
        }
    };
    let has_clock = points.iter().any(|point| point.gpu().is_some());
    let on = if backend == Backend::Cpu { "on the CPU" } else { "with WebGPU" };
    let title = format!("latency {on}, {}{}", scale.unit, if has_clock { ": ○ end to end, ● on the GPU" } else { "" });
    let column = |(index, point): (usize, &Point)| {
        let shift = if has_clock { 4.0 } else { 0.0 };
        let class = if point.is_chosen { "on" } else { "" };
        let mark = |(ms, spread): MedianAndSpread, kind: &'static str, x: f64| {
            view! {
                <line class=format!("whisk {class}") x1=px(x) x2=px(x) y1=px(y(ms + spread)) y2=px(y((ms - spread).max(0.0))) />
                <circle class=format!("{kind} {class}") cx=px(x) cy=px(y(ms)) r="4.5" />
            }
        };
        let x = at(index);
        let label = point.wall().map(|(ms, _)| {
            let text = number::bare_milliseconds(ms / scale.ms);
            view! { <text class=format!("value {class}") x=px(x) y=px(y(ms) - 9.0)>{text}</text> }
        });
        view! {
            {point.wall().map(|stats| mark(stats, "ring", x - shift))}
            {point.gpu().map(|stats| mark(stats, "disc", x + shift))}
            {label}
        }
    };
    view! {
        <text class="quiet" x="0" y=px(TIMES.title)>{title}</text>
        {scale.axis.ticks.iter().map(tick).collect_view()}
        {line(points, at, |point| point.wall().map(|(ms, _)| y(ms)))}
        {points.iter().enumerate().map(column).collect_view()}
    }
    .into_any()
}

/// The panel of accuracies: from the lowest to the highest of one recipe.
fn accuracies(points: &[Point], width: f64, at: &dyn Fn(usize) -> f64) -> AnyView {
    let known: Vec<f64> = points.iter().filter_map(|point| point.accuracy.map(|(_, top1)| top1)).collect();
    let title = match points.iter().find_map(|point| point.accuracy) {
        Some((Recipe::Shipped, _)) => "accuracy, %, after the same training",
        Some((Recipe::Paper, _)) => "accuracy on ImageNet, %, from the paper",
        None => "accuracy: nobody has trained these alike",
    };
    let low = known.iter().copied().fold(f64::INFINITY, f64::min);
    let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let y = |top1: f64| ACCURACIES.y((top1 - low) / (high - low).max(1e-6));
    let mark = |(index, point): (usize, &Point)| {
        let (_, top1) = point.accuracy?;
        let class = if point.is_chosen { "on" } else { "" };
        let (x, y) = (at(index), y(top1));
        Some(view! {
            <circle class=format!("disc {class}") cx=px(x) cy=px(y) r="4.5" />
            <text class=format!("value {class}") x=px(x) y=px(y - 9.0)>{format!("{:.2}", top1 * 100.0)}</text>
        })
    };
    view! {
        <text class="quiet" x="0" y=px(ACCURACIES.title)>{title}</text>
        <line class="grid" x1=px(LEFT - 24.0) x2=px(width) y1=px(ACCURACIES.ground + 6.0) y2=px(ACCURACIES.ground + 6.0) />
        {line(points, at, |point| point.accuracy.map(|(_, top1)| y(top1)))}
        {points.iter().enumerate().filter_map(mark).collect_view()}
    }
    .into_any()
}

/// The latencies on the other backend, as numbers: the two often differ too much for one axis.
fn other(points: &[Point], backend: Backend, at: &dyn Fn(usize) -> f64) -> AnyView {
    let name = format!("{}, ms", words::backend(backend));
    let value = |(index, point): (usize, &Point)| {
        let text = point.wall_on_other().map_or("–".into(), number::bare_milliseconds);
        view! { <text class="quiet other" x=px(at(index)) y=px(OTHER)>{text}</text> }
    };
    view! {
        <text class="quiet" x="0" y=px(OTHER)>{name}</text>
        {points.iter().enumerate().map(value).collect_view()}
    }
    .into_any()
}

/// A line through the points that have a value.
fn line(points: &[Point], at: &dyn Fn(usize) -> f64, y: impl Fn(&Point) -> Option<f64>) -> AnyView {
    let corners = points.iter().enumerate().filter_map(|(index, point)| {
        let y = y(point)?;
        Some(format!("{},{}", px(at(index)), px(y)))
    });
    let corners: Vec<String> = corners.collect();
    view! { <polyline class="curve" points=corners.join(" ") /> }.into_any()
}
