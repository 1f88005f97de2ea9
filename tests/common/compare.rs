//! The comparator: the deviation of every element, relative to the largest expected magnitude.

use std::fmt;

/// The largest deviation between two arrays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    /// Largest |actual - expected| over the largest |expected|.
    pub of_peak: f64,
    pub index: usize,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2e} of the peak at {}", self.of_peak, self.index)
    }
}

/// The largest deviation, or a text that says why the arrays do not agree within `tolerance` of the peak.
pub fn compare(what: &str, actual: &[f32], expected: &[f64], tolerance: f64) -> Result<Deviation, String> {
    if actual.len() != expected.len() {
        return Err(format!("{what}: {} elements, expected {}", actual.len(), expected.len()));
    }
    let peak = expected.iter().fold(0.0_f64, |peak, value| peak.max(value.abs())).max(1e-30);
    let mut worst = Deviation { of_peak: 0.0, index: 0 };
    for (index, (&a, &e)) in actual.iter().zip(expected).enumerate() {
        if !a.is_finite() || !e.is_finite() {
            return Err(format!("{what}: {a} at {index}, expected {e}"));
        }
        let of_peak = (f64::from(a) - e).abs() / peak;
        if of_peak > worst.of_peak {
            worst = Deviation { of_peak, index };
        }
    }
    if worst.of_peak > tolerance {
        let (a, e) = (actual[worst.index], expected[worst.index]);
        return Err(format!("{what}: {worst}: {a}, expected {e}; allowed {tolerance:.0e}"));
    }
    Ok(worst)
}

/// Panics with the texts of all failures together.
pub fn demand(outcomes: impl IntoIterator<Item = Result<Deviation, String>>) {
    let failures: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}
