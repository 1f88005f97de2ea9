//! The points of the chart: every cardinality on the dial, with what is known of it.

use leptos::prelude::*;

use crate::model::ResNextConfig;
use crate::protocol::{Setting, Timed};
use crate::ui::state::{Choice, Results};
use crate::view::chart::{Axis, median_and_spread};
use crate::view::words::Compared;
use crate::zoo::{Recipe, comparable_accuracy};

/// An option of the dial, with its timed runs where there are any.
#[derive(Clone, PartialEq)]
pub(crate) struct Point {
    pub config: ResNextConfig,
    timed: Option<Timed>,
    /// On the other backend.
    timed_on_other: Option<Timed>,
    /// The recipe of the comparable accuracy, and that accuracy, 0 to 1.
    pub accuracy: Option<(Recipe, f64)>,
    pub is_chosen: bool,
}

/// In milliseconds.
pub(crate) type MedianAndSpread = (f64, f64);

impl Point {
    /// One for every option of the dial, with the plan, weights and backend that are chosen.
    pub(crate) fn all(choice: Choice, results: Results) -> Vec<Self> {
        let setting = choice.setting.get();
        let point = |config: &ResNextConfig| {
            let wanted = Setting { config: config.clone(), ..setting.clone() };
            Self {
                timed: results.timed_of(&wanted),
                timed_on_other: results.timed_of(&wanted.on_other_backend()),
                accuracy: comparable_accuracy(config),
                is_chosen: *config == setting.config,
                config: wanted.config,
            }
        };
        choice.dial.with(|dial| dial.options().iter().map(|graph| point(&graph.config)).collect())
    }

    /// How many runs were timed.
    pub(crate) fn runs(&self) -> usize {
        self.timed.as_ref().map_or(0, |timed| timed.wall.len())
    }

    /// Wall time of a run, end to end.
    pub(crate) fn wall(&self) -> Option<MedianAndSpread> {
        median_and_spread(&self.timed.as_ref()?.wall)
    }

    /// Time on the GPU, where the adapter has timestamps.
    pub(crate) fn gpu(&self) -> Option<MedianAndSpread> {
        median_and_spread(&self.timed.as_ref()?.gpu)
    }

    /// Wall time of a run on the other backend.
    pub(crate) fn wall_on_other(&self) -> Option<f64> {
        median_and_spread(&self.timed_on_other.as_ref()?.wall).map(|(ms, _)| ms)
    }

    /// What the page's question is answered from.
    pub(crate) fn compared(&self) -> Compared {
        Compared {
            cardinality: self.config.cardinality,
            ms: self.wall(),
            accuracy: self.accuracy.map(|(_, top1)| top1),
        }
    }
}

/// Unit and axis for what was measured: seconds where milliseconds would need four digits.
pub(crate) struct Scale {
    pub unit: &'static str,
    /// Milliseconds per unit.
    pub ms: f64,
    pub axis: Axis,
}

impl Scale {
    pub(crate) fn of(points: &[Point]) -> Self {
        let tops = points.iter().flat_map(|point| point.wall().into_iter().chain(point.gpu()));
        // Spreads are cut off: one slow run would flatten the curve.
        let largest = tops.map(|(ms, _)| ms).fold(0.0, f64::max);
        let (unit, ms) = if largest >= 1000.0 { ("s", 1000.0) } else { ("ms", 1.0) };
        Self { unit, ms, axis: Axis::up_to(if largest > 0.0 { largest / ms } else { 10.0 }) }
    }
}
