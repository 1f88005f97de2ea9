//! The latency chart: a linear axis from zero, and the points' place on it.

use super::number::significant;
use crate::classifier::Stats;

/// A round axis from 0 to at least the largest value.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The value at its end, in the chart's unit.
    pub max: f64,
    /// The values of its ticks, rising from zero to `max`.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// Two to four ticks above zero, at 1, 2, 2.5 or 5 times a power of ten.
    pub fn up_to(largest: f64) -> Self {
        let largest = if largest.is_finite() && largest > 0.0 { largest } else { 1.0 };
        let power = 10f64.powf((largest / 3.0).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
        let step = step.into_iter().find(|step| largest / step <= 3.5).unwrap_or(10.0 * power);
        let count = (largest / step).ceil() as usize;
        Self { max: step * count as f64, ticks: (0..=count).map(|tick| tick as f64 * step).collect() }
    }

    /// A tick's text, without trailing zeros.
    pub fn label(tick: f64) -> String {
        let text = significant(tick);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    }

    /// Height over the baseline as a share of the axis, from 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        (value / self.max).clamp(0.0, 1.0)
    }
}

/// Median and spread of the finite samples, in milliseconds: [`Stats`], or `None` without a sample.
pub fn median_and_spread(samples: &[f64]) -> Option<(f64, f64)> {
    let finite: Vec<f64> = samples.iter().copied().filter(|sample| sample.is_finite()).collect();
    (!finite.is_empty()).then(|| {
        let Stats { median, spread, .. } = Stats::new(finite);
        (median, spread)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        for largest in [0.04, 0.3, 1.0, 7.3, 19.6, 22.1, 99.0, 3123.0] {
            let axis = Axis::up_to(largest);
            assert!(axis.max >= largest && axis.max <= 2.0 * largest, "{largest}: {axis:?}");
            assert!((3..=5).contains(&axis.ticks.len()), "{largest}: {axis:?}");
        }
        assert_eq!(Axis::up_to(22.1).ticks, [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(Axis::up_to(0.0).ticks.first(), Some(&0.0));
        assert_eq!(["10", "2.5", "0"], [10.0, 2.5, 0.0].map(Axis::label).each_ref().map(String::as_str));
    }

    #[test]
    fn median_and_spread_of_few_and_many() {
        assert_eq!(median_and_spread(&[]), None);
        assert_eq!(median_and_spread(&[4.0]), Some((4.0, 0.0)));
        assert_eq!(median_and_spread(&[3.0, 1.0, 2.0]).map(|(median, _)| median), Some(2.0));
        let eleven: Vec<f64> = (0..=10).map(f64::from).collect();
        assert_eq!(median_and_spread(&eleven), Some((5.0, 4.0)));
    }
}
