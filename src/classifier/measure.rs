//! Statistics of latency: medians and spreads of repeated runs.

use super::Timing;

/// Times of repeated runs, warm-up excluded.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Milliseconds from handing over the input to having the outputs of a run.
    pub wall: Stats,
    /// Milliseconds in compute passes, if the adapter has timestamp queries.
    pub gpu: Option<Stats>,
}

impl Measurement {
    /// The statistics of repeated runs, given in the order in which they were taken.
    pub fn new(timings: &[Timing]) -> Self {
        let gpu: Option<Vec<f64>> = timings.iter().map(|timing| timing.gpu_ms).collect();
        Self {
            wall: Stats::new(timings.iter().map(|timing| timing.wall_ms).collect()),
            gpu: gpu.filter(|samples| !samples.is_empty()).map(Stats::new),
        }
    }
}

/// A median and a spread, in the unit of the samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// The samples, in the order in which they were taken.
    pub samples: Vec<f64>,
    /// The 50th percentile; 0 without samples.
    pub median: f64,
    /// Half the range between the 10th and the 90th percentile.
    pub spread: f64,
}

impl Stats {
    /// Computes the median and the spread; without samples both are 0.
    pub fn new(samples: Vec<f64>) -> Self {
        let [low, median, high] = percentiles(&samples, [0.1, 0.5, 0.9]);
        Self { samples, median, spread: (high - low) / 2.0 }
    }
}

/// The values that these shares of the samples, 0 to 1, do not exceed; 0 without samples.
pub fn percentiles<const N: usize>(samples: &[f64], shares: [f64; N]) -> [f64; N] {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    shares.map(|share| {
        // Linear between neighbours, as in `numpy.percentile`.
        let position = share * (sorted.len().saturating_sub(1)) as f64;
        let (below, above) = (position.floor() as usize, position.ceil() as usize);
        match (sorted.get(below), sorted.get(above)) {
            (Some(a), Some(b)) => a + (b - a) * position.fract(),
            _ => 0.0,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_and_spread() {
        let stats = Stats::new(vec![5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(stats.median, 3.0);
        assert!((stats.spread - 1.6).abs() < 1e-12);
        assert_eq!(Stats::new(vec![2.0, 4.0]).median, 3.0);
        assert_eq!(Stats::new(vec![]).median, 0.0);
    }

    #[test]
    fn gpu_time_is_told_only_where_every_run_has_it() {
        let timing = |gpu_ms| Timing { wall_ms: 1.0, gpu_ms };
        assert!(Measurement::new(&[timing(Some(0.5)), timing(None)]).gpu.is_none());
        assert!(Measurement::new(&[timing(Some(0.5))]).gpu.is_some());
    }
}
