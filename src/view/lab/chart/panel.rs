//! One of the small multiples: a number over cardinality, of both results.

use super::pen::{INK, Pen, SOFT};
use crate::view::chart::Axis;
use crate::view::lab::result::{LabResult, Stop};
use crate::view::number::significant;

/// Heights from a panel's upper edge: its title, the top and the ground of its axis, the cardinalities.
const TITLE: f64 = 12.0;
pub(super) const TOP: f64 = 38.0;
pub(super) const GROUND: f64 = 106.0;
const NAMES: f64 = 126.0;
/// Width of the axis' numbers.
const LEFT: f64 = 38.0;
/// Stops nearer than this have no room for their values.
const ROOMY: f64 = 34.0;
/// Between the marks of two results, and the middle of their stop.
const ASIDE: f64 = 5.0;

/// What a panel shows.
pub(super) struct Panel {
    pub(super) name: &'static str,
    title: &'static str,
    /// Behind the prefix of a thousand, with what is said of the values.
    unit: &'static str,
    value: fn(&Stop) -> Option<f64>,
    /// What a value ranges over.
    span: fn(&Stop) -> Option<(f64, f64)>,
    is_from_zero: bool,
}

/// A number without a unit.
const NUMBER: Panel = Panel { name: "", title: "", unit: "", value: |_| None, span: |_| None, is_from_zero: true };

pub(super) const PANELS: [Panel; 6] = [
    Panel {
        name: "latency",
        title: "latency",
        unit: "s: median, 10th–90th percentile",
        value: |stop| stop.median_ms.map(|ms| ms / 1e3),
        span: |stop| stop.wall().map(|[low, _, high]| (low / 1e3, high / 1e3)),
        ..NUMBER
    },
    Panel { name: "rate", title: "multiply-adds/s, measured", value: Stop::rate, ..NUMBER },
    Panel { name: "multiply-adds", title: "multiply-adds", value: |stop| Some(stop.multiply_adds as f64), ..NUMBER },
    Panel { name: "parameters", title: "parameters", value: |stop| Some(stop.parameters as f64), ..NUMBER },
    Panel {
        name: "error",
        title: "error on ImageNet, %, paper",
        value: |stop| stop.paper_error,
        is_from_zero: false,
        ..NUMBER
    },
    Panel {
        name: "accuracy",
        title: "accuracy on CIFAR-10, %, same training",
        value: |stop| stop.accuracy.map(|top1| top1 * 100.0),
        is_from_zero: false,
        ..NUMBER
    },
];

/// The results that are drawn.
pub(super) struct Subject<'a> {
    /// The one that is shown, and the one that is laid over it.
    pub(super) results: &'a [LabResult],
    /// Cardinality and base width of the stop that is chosen.
    pub(super) chosen: &'a str,
    /// The cardinalities of all of them, in order.
    pub(super) cardinalities: Vec<usize>,
}

/// A result's place, one of its stops, and its number.
type Value<'a> = (usize, &'a Stop, f64);

impl Panel {
    /// What it shows, by result and from the left to the right.
    pub(super) fn values<'a>(&self, of: &Subject<'a>) -> Vec<Value<'a>> {
        let mut values = Vec::new();
        for (index, result) in of.results.iter().enumerate() {
            for cardinality in &of.cardinalities {
                let own = result.stops.iter().filter(|stop| stop.cardinality == *cardinality);
                values.extend(own.filter_map(|stop| Some((index, stop, (self.value)(stop)?))));
            }
        }
        values
    }

    /// Draws it at a place, so wide.
    pub(super) fn draw(&self, pen: &mut Pen, of: &Subject, values: &[Value], [x0, y0]: [f64; 2], width: f64) {
        let largest = values.iter().map(|(.., value)| *value).fold(0.0, f64::max);
        let smallest = values.iter().map(|(.., value)| *value).fold(f64::INFINITY, f64::min);
        let spans = values.iter().filter_map(|(_, stop, _)| (self.span)(stop));
        let highest = spans.map(|(_, high)| high).fold(largest, f64::max);
        let (factor, prefix) = unit(largest);
        // One slow run must not flatten the curve.
        let axis = Axis::up_to(highest.min(2.0 * largest) / factor);
        let (ground, height) = (y0 + GROUND, GROUND - TOP);
        let y = |value: f64| match self.is_from_zero {
            true => ground - height * axis.share(value / factor),
            // From the lowest to the highest, apart from the ground.
            false => ground - 8.0 - (height - 8.0) * (value - smallest) / (largest - smallest).max(1e-9),
        };
        let unit = format!("{prefix}{}", self.unit);
        let title = if unit.is_empty() { self.title.to_owned() } else { format!("{}, {unit}", self.title) };
        pen.quiet("quiet", "start", [x0, y0 + TITLE], &title);
        let ticks: &[f64] = if self.is_from_zero { &[0.0, axis.max] } else { &[] };
        for tick in ticks {
            let y = y(tick * factor);
            pen.grid([x0 + LEFT - 6.0, x0 + width], y);
            pen.quiet("quiet tick", "end", [x0 + LEFT - 10.0, y + 4.0], &Axis::label(*tick));
        }
        if ticks.is_empty() {
            pen.grid([x0 + LEFT - 6.0, x0 + width], ground);
        }
        let pitch = (width - LEFT) / of.cardinalities.len().max(1) as f64;
        let middle = |place: usize| x0 + LEFT + pitch * (place as f64 + 0.5);
        let x = |index: usize, stop: &Stop| {
            let place = of.cardinalities.iter().position(|of| *of == stop.cardinality).unwrap_or_default();
            let aside = if of.results.len() == 1 { 0.0 } else { ASIDE };
            middle(place) + if index == 0 { -aside } else { aside }
        };
        // Below the marks of both.
        for index in 0..of.results.len() {
            let own = values.iter().filter(|(of, ..)| *of == index);
            pen.curve(index, own.map(|(_, stop, value)| [x(index, stop), y(*value)]));
        }
        for (index, stop, value) in values {
            let (x, at, on) = (x(*index, stop), y(*value), stop.template == of.chosen);
            let mut data = format!(
                " data-panel=\"{}\" data-of=\"{index}\" data-cardinality=\"{}\" data-value=\"{value}\"",
                self.name, stop.cardinality
            );
            let mut top = at - 4.0;
            if let Some((low, high)) = (self.span)(stop) {
                data += &format!(" data-low=\"{low}\" data-high=\"{high}\"");
                pen.whisker(on, x, [y(low), y(high)]);
                top = top.min(y(high));
            }
            pen.mark(*index, on, [x, at], &data);
            if of.results.len() == 1 && pitch >= ROOMY {
                let text = significant(value / factor);
                pen.label("value", on, INK, [x, top - 5.0], &text);
            }
        }
        for (place, cardinality) in of.cardinalities.iter().enumerate() {
            let is_chosen = |stop: &Stop| stop.cardinality == *cardinality && stop.template == of.chosen;
            let on = of.results.iter().any(|result| result.stops.iter().any(is_chosen));
            pen.label("cardinality", on, SOFT, [middle(place), y0 + NAMES], &cardinality.to_string());
        }
    }
}

/// The prefix of a thousand in which the largest value has at most three digits, and its factor.
pub(super) fn unit(largest: f64) -> (f64, &'static str) {
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m")];
    units.into_iter().find(|(factor, _)| largest >= *factor).unwrap_or((1e-3, "m"))
}
