//! A sum as it is written down: so many digits that what is written adds up to what the network has computed.

use super::values::Sum;
use crate::view::number::decimal_magnitude;

/// Digits of the largest number of a map, as far as its numbers are written at all.
const DIGITS: i32 = 4;
/// How many more decimals the parts have than their sum, so that rounding them does not show in it.
const MORE: usize = 2;
/// The most decimals of a sum.
const MOST: i32 = 6;

/// What a line of the equation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The bias.
    Bias,
    /// What an input channel adds, from 0 within the group.
    Channel(usize),
    /// What all other input channels add: how many they are.
    Rest(usize),
}

/// A sum in text.
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// The parts, in order.
    pub lines: Vec<(Line, String)>,
    /// Their sum.
    pub before: String,
    /// The sum after ReLU.
    pub after: String,
    /// What the network has computed.
    pub value: String,
    /// Whether the parts as they are written add up to the sum as it is written, and that is what the network has computed.
    pub agrees: bool,
    /// Decimals of the sum.
    pub decimals: usize,
}

impl Equation {
    /// Writes a sum with the terms of the `channels` named one by one, and those of all others together. `peak` is the largest
    /// magnitude of the output map: numbers that are small beside it get no more decimals than it has.
    pub fn new(sum: &Sum, channels: std::ops::Range<usize>, peak: f64) -> Self {
        let mut parts = vec![(Line::Bias, sum.bias)];
        let named = channels.start..channels.end.min(sum.terms.len());
        parts.extend(named.clone().map(|channel| (Line::Channel(channel), sum.terms[channel].sum)));
        let rest = sum.terms.len() - named.len();
        if rest > 0 {
            let others = sum.terms.iter().enumerate().filter(|(channel, _)| !named.contains(channel));
            parts.push((Line::Rest(rest), others.map(|(_, term)| term.sum).sum()));
        }
        let most = (DIGITS - 1 - decimal_magnitude(peak.max(sum.before.abs()))).clamp(0, MOST) as usize;
        // The most decimals with which it adds up. Nobody sees where an f32 was rounded, unless it is just between two numbers.
        let fits = (0..=most).rev().find(|&decimals| adds_up(sum, &parts, decimals));
        let decimals = fits.unwrap_or(most);
        let text = |value: f64, decimals: usize| fixed(units(value, decimals), decimals);
        Self {
            lines: parts.into_iter().map(|(line, value)| (line, text(value, decimals + MORE))).collect(),
            before: text(sum.before, decimals),
            after: text(sum.before.max(0.0), decimals),
            value: text(f64::from(sum.value), decimals),
            agrees: fits.is_some(),
            decimals,
        }
    }
}

fn adds_up(sum: &Sum, parts: &[(Line, f64)], decimals: usize) -> bool {
    let written: i64 = parts.iter().map(|(_, value)| units(*value, decimals + MORE)).sum();
    let written = (written as f64 / 10f64.powi(MORE as i32)).round() as i64;
    written == units(sum.before, decimals)
        && units(sum.before.max(0.0), decimals) == units(f64::from(sum.value), decimals)
}

/// A value rounded to so many decimals, in units of the last of them.
fn units(value: f64, decimals: usize) -> i64 {
    (value * 10f64.powi(decimals as i32)).round() as i64
}

/// `−0.0450` of −450 units of the fourth decimal. Zero has no sign.
fn fixed(units: i64, decimals: usize) -> String {
    let one = 10u64.pow(decimals as u32);
    let (sign, whole, part) =
        (if units < 0 { "−" } else { "" }, units.unsigned_abs() / one, units.unsigned_abs() % one);
    if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:0decimals$}") }
}

#[cfg(test)]
mod tests {
    use super::super::values::Term;
    use super::*;

    fn sum(bias: f64, terms: &[f64], value: f32) -> Sum {
        let before = bias + terms.iter().sum::<f64>();
        let term = |&sum| Term { taps: Vec::new(), sum };
        Sum { bias, terms: terms.iter().map(term).collect(), before, value }
    }

    fn written(equation: &Equation) -> Vec<&str> {
        equation.lines.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn a_sum_is_written_so_that_it_adds_up() {
        let equation = Equation::new(&sum(-0.1043, &[0.22313, 0.310021], 0.428851), 0..16, 2.0);
        assert_eq!(written(&equation), ["−0.10430", "0.22313", "0.31002"]);
        assert_eq!((equation.before.as_str(), equation.value.as_str()), ("0.429", "0.429"));
        assert!(equation.agrees);
        // A peak of hundreds needs fewer decimals, one of thousandths more.
        assert_eq!(Equation::new(&sum(0.5, &[], 0.5), 0..1, 150.0).value, "0.5");
        assert_eq!(Equation::new(&sum(0.0005, &[], 0.0005), 0..1, 0.002).value, "0.000500");
    }

    #[test]
    fn relu_leaves_no_negative_number() {
        let equation = Equation::new(&sum(0.25, &[-1.5], 0.0), 0..16, 1.0);
        assert_eq!((&equation.before[..], &equation.after[..], equation.agrees), ("−1.250", "0.000", true));
    }

    #[test]
    fn channels_that_are_not_named_are_one_line() {
        let equation = Equation::new(&sum(0.0, &[1.0, 2.0, 3.0, 4.0], 10.0), 1..3, 10.0);
        let lines: Vec<Line> = equation.lines.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [Line::Bias, Line::Channel(1), Line::Channel(2), Line::Rest(2)]);
        assert_eq!(written(&equation), ["0.0000", "2.0000", "3.0000", "5.0000"]);
    }

    #[test]
    fn just_between_two_numbers_there_are_fewer_digits() {
        // In f32 the value lies on the other side of 0.4795.
        let equation = Equation::new(&sum(0.479_499_99, &[], 0.479_500_05), 0..1, 1.0);
        assert_eq!((&equation.value[..], equation.agrees), ("0.48", true));
    }

    #[test]
    fn what_does_not_agree_says_so() {
        assert!(!Equation::new(&sum(0.4, &[], 4.0), 0..1, 4.0).agrees);
        // Half of a sum that was rounded away.
        assert!(!Equation::new(&sum(1e9, &[1e9], 1e9), 0..2, 1e9).agrees);
    }
}
