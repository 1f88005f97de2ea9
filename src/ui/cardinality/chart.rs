//! Latency over cardinality: median and spread of wall time and of GPU time.

use leptos::prelude::*;

use super::points::{MedianAndSpread, Point, Scale};
use crate::ui::state::{Choice, Results};
use crate::ui::widgets::TableHead;
use crate::view::chart::Axis;
use crate::view::number::{self, px};

const WIDTH: f64 = 400.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 22.0;
const GROUND: f64 = 186.0;
const HEIGHT: f64 = 210.0;

#[component]
pub(crate) fn LatencyChart() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let points = Memo::new(move |_| Point::all(choice, results));
    view! {
        <figure class="chart">
            <figcaption>
                {move || points.with(|points| Scale::of(points).unit)}
                <span class="key"><i class="ring"></i> "end to end" <i class="disc"></i> "on the GPU"</span>
            </figcaption>
            <svg
                id="chart"
                viewBox=format!("0 0 {} {}", px(WIDTH), px(HEIGHT))
                role="img"
                aria-label=move || points.with(|points| spoken(points))
            >
                {move || points.with(|points| contents(points))}
            </svg>
            <div class="sr-only"><table id="latency">
                <caption>"Latency of the cardinalities measured so far"</caption>
                <TableHead columns=["setting", "end to end", "on the GPU"] />
                <tbody>{move || points.with(|points| points.iter().filter_map(row).collect_view())}</tbody>
            </table></div>
        </figure>
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

impl Scale {
    /// The y of a time in milliseconds.
    fn y(&self, ms: f64) -> f64 {
        GROUND - (GROUND - TOP) * self.axis.share(ms / self.ms)
    }
}

fn contents(points: &[Point]) -> AnyView {
    let scale = Scale::of(points);
    let grid = scale.axis.ticks.iter().map(|&tick| {
        let (y, label) = (scale.y(tick * scale.ms), Axis::label(tick));
        view! {
            <line class="grid" x1=px(LEFT) x2=px(WIDTH) y1=px(y) y2=px(y) />
            <text class="quiet tick" x=px(LEFT - 8.0) y=px(y + 4.0)>{label}</text>
        }
    });
    let pitch = (WIDTH - LEFT) / points.len() as f64;
    let columns =
        points.iter().enumerate().map(|(index, point)| column(point, LEFT + pitch * (index as f64 + 0.45), &scale));
    view! { {grid.collect_view()} {columns.collect_view()} }.into_any()
}

fn column(point: &Point, x: f64, scale: &Scale) -> AnyView {
    let class = if point.is_chosen { "on" } else { "" };
    let (wall, gpu) = (point.wall(), point.gpu());
    let mark = |(ms, spread): MedianAndSpread, kind: &'static str, x: f64| {
        let (top, bottom) = (scale.y(ms + spread), scale.y((ms - spread).max(0.0)));
        view! {
            <line class=format!("whisk {class}") x1=px(x) x2=px(x) y1=px(top) y2=px(bottom) />
            <circle class=format!("{kind} {class}") cx=px(x) cy=px(scale.y(ms)) r="4.5" />
        }
    };
    let label = wall.or(gpu).map(|(ms, spread)| {
        let text = number::bare_milliseconds(ms / scale.ms);
        view! { <text class=format!("value {class}") x=px(x) y=px(scale.y(ms + spread) - 9.0)>{text}</text> }
    });
    view! {
        <text class=format!("cardinality {class}") x=px(x) y=px(HEIGHT - 6.0)>{point.config.template()}</text>
        {wall.map(|stats| mark(stats, "ring", x - 4.0))}
        {gpu.map(|stats| mark(stats, "disc", x + 4.0))}
        {label}
    }
    .into_any()
}
