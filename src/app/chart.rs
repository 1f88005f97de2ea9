//! Latency over cardinality: median and spread, wall time and GPU time apart.

use leptos::prelude::*;

use super::outcome::Timed;
use super::page::Page;
use super::setting::Setting;
use crate::decimal::fixed;
use crate::model::ResNextConfig;
use crate::view::chart::Axis;
use crate::view::number;

const WIDTH: f64 = 400.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 22.0;
const GROUND: f64 = 186.0;
const HEIGHT: f64 = 210.0;

/// A stop of the dial, with its runs where there are any.
#[derive(Clone, PartialEq)]
struct Point {
    stop: ResNextConfig,
    timed: Option<Timed>,
    chosen: bool,
}

pub fn chart(page: Page) -> AnyView {
    let points = Memo::new(move |_| points(page));
    view! {
        <figure class="chart">
            <figcaption>
                {move || points.with(|points| scale(points).unit)} <span class="key"><i class="ring"></i> "to the answer" <i class="disc"></i> "on the GPU"</span>
            </figcaption>
            <svg id="chart" viewBox=format!("0 0 {} {}", px(WIDTH), px(HEIGHT)) role="img" aria-label=move || points.with(|points| spoken(points))>
                {move || points.with(|points| contents(points))}
            </svg>
            <div class="sr-only"><table id="latency">
                <caption>"Latency of the stops measured so far"</caption>
                <thead><tr><th scope="col">"setting"</th><th scope="col">"to the answer"</th><th scope="col">"on the GPU"</th></tr></thead>
                <tbody>{move || points.with(|points| points.iter().filter_map(row).collect::<Vec<_>>())}</tbody>
            </table></div>
        </figure>
    }
    .into_any()
}

fn points(page: Page) -> Vec<Point> {
    let setting = page.setting.get();
    let timed = page.timed.get();
    let find = |stop: &ResNextConfig| {
        let here = |of: &Setting| (of.network, of.backend, of.options);
        let of = |timed: &&Timed| here(&timed.setting) == here(&setting);
        timed.iter().filter(of).find(|timed| timed.setting.config == *stop).cloned()
    };
    let stops = page.stops.get();
    stops.into_iter().map(|stop| Point { timed: find(&stop), chosen: stop == setting.config, stop }).collect()
}

fn row(point: &Point) -> Option<AnyView> {
    let timed = point.timed.as_ref()?;
    let (wall, spread) = timed.wall()?;
    let runs = timed.wall.len();
    let gpu = timed.gpu();
    let cell = |(ms, spread)| format!("{}, {}", number::milliseconds(ms), number::median_of(runs, ms, spread));
    Some(
        view! {
            <tr
                data-cardinality=point.stop.cardinality.to_string()
                data-wall-ms=fixed(wall, 3)
                data-gpu-ms=gpu.map(|(ms, _)| fixed(ms, 3))
                data-runs=runs.to_string()
            >
                <th scope="row">{point.stop.setting()}</th>
                <td>{cell((wall, spread))}</td>
                <td>{gpu.map(cell)}</td>
            </tr>
        }
        .into_any(),
    )
}

fn spoken(points: &[Point]) -> String {
    let measured = points.iter().filter_map(|point| {
        let (ms, _) = point.timed.as_ref()?.wall()?;
        Some(format!("{} {}", point.stop.setting(), number::milliseconds(ms)))
    });
    let measured: Vec<String> = measured.collect();
    if measured.is_empty() {
        return "Latency over cardinality; nothing measured yet".into();
    }
    format!("Latency over cardinality: {}", measured.join(", "))
}

/// Unit and axis for what was measured: seconds where milliseconds would need four digits.
struct Scale {
    unit: &'static str,
    /// Milliseconds a unit.
    ms: f64,
    axis: Axis,
}

fn scale(points: &[Point]) -> Scale {
    let top =
        |timed: &Timed| timed.wall().into_iter().chain(timed.gpu()).map(|(ms, spread)| ms + spread).fold(0.0, f64::max);
    let largest = points.iter().filter_map(|point| point.timed.as_ref()).map(top).fold(0.0, f64::max);
    let (unit, ms) = if largest >= 1000.0 { ("seconds", 1000.0) } else { ("milliseconds", 1.0) };
    Scale { unit, ms, axis: Axis::up_to(if largest > 0.0 { largest / ms } else { 10.0 }) }
}

impl Scale {
    fn y(&self, ms: f64) -> f64 {
        GROUND - (GROUND - TOP) * self.axis.share(ms / self.ms)
    }
}

fn contents(points: &[Point]) -> AnyView {
    let scale = scale(points);
    let grid = scale.axis.ticks.iter().map(|&tick| {
        let (place, label) = (scale.y(tick * scale.ms), Axis::label(tick));
        view! {
            <line class="grid" x1=px(LEFT) x2=px(WIDTH) y1=px(place) y2=px(place) />
            <text class="quiet tick" x=px(LEFT - 8.0) y=px(place + 4.0)>{label}</text>
        }
    });
    let pitch = (WIDTH - LEFT) / points.len() as f64;
    let columns =
        points.iter().enumerate().map(|(index, point)| column(point, LEFT + pitch * (index as f64 + 0.45), &scale));
    view! { {grid.collect::<Vec<_>>()} {columns.collect::<Vec<_>>()} }.into_any()
}

fn column(point: &Point, x: f64, scale: &Scale) -> AnyView {
    let class = if point.chosen { "on" } else { "" };
    let wall = point.timed.as_ref().and_then(Timed::wall);
    let gpu = point.timed.as_ref().and_then(Timed::gpu);
    let mark = |(ms, spread): (f64, f64), kind: &'static str, x: f64| {
        view! {
            <line class=format!("whisk {class}") x1=px(x) x2=px(x) y1=px(scale.y(ms + spread)) y2=px(scale.y((ms - spread).max(0.0))) />
            <circle class=format!("{kind} {class}") cx=px(x) cy=px(scale.y(ms)) r="4.5" />
        }
    };
    let label = wall.or(gpu).map(|(ms, spread)| {
        let text = number::bare_milliseconds(ms / scale.ms);
        view! { <text class=format!("value {class}") x=px(x) y=px(scale.y(ms + spread) - 9.0)>{text}</text> }
    });
    view! {
        <text class=format!("stop {class}") x=px(x) y=px(HEIGHT - 6.0)>{point.stop.setting()}</text>
        {wall.map(|stats| mark(stats, "ring", x - 4.0))}
        {gpu.map(|stats| mark(stats, "disc", x + 4.0))}
        {label}
    }
    .into_any()
}

/// A length in the chart.
fn px(length: f64) -> String {
    fixed(length, 1)
}
