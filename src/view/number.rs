//! Numbers as the page writes them: three significant digits and a unit.

pub(crate) use crate::decimal::bytes;
use crate::shape::Nchw;

/// Three significant digits: `0.314`, `19.6`, `432`, `1230`.
pub fn significant(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    if value == 0.0 {
        return "0".into();
    }
    // 9.996 has one digit before the point, and two once it is rounded.
    let scale = 10f64.powi(2 - decimal_magnitude(value));
    let rounded = (value * scale).round() / scale;
    let decimals = (2 - decimal_magnitude(rounded)).clamp(0, 6) as usize;
    format!("{rounded:.decimals$}")
}

/// [`significant`] with a typographic minus: `−0.125`.
pub fn signed(value: f64) -> String {
    significant(value).replace('-', "−")
}

/// The power of ten of a number's first digit: 0 for 3.14, −2 for 0.05. Zero counts as a billionth.
pub(crate) fn decimal_magnitude(value: f64) -> i32 {
    value.abs().max(1e-9).log10().floor() as i32
}

/// Three digits and a prefix of a thousand: `640`, `131 k`, `25.0 M`, `4.23 G`.
pub fn count(value: u64) -> String {
    if value < 1000 {
        return value.to_string();
    }
    let mut value = value as f64;
    let mut prefixes = ["k", "M", "G", "T"].into_iter();
    let mut prefix = "";
    // 999.6 k is 1.00 M once it has three digits.
    while value >= 999.5 {
        let Some(next) = prefixes.next() else { break };
        value /= 1000.0;
        prefix = next;
    }
    format!("{} {prefix}", significant(value))
}

/// `4,225,012`: every digit, in groups of three.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `0.31 ms`, `19.6 ms`, `3.12 s`. Browsers' clocks are no finer than a tenth of a millisecond.
pub fn milliseconds(ms: f64) -> String {
    if ms >= 999.5 { format!("{} s", significant(ms / 1000.0)) } else { format!("{} ms", bare_milliseconds(ms)) }
}

/// [`milliseconds`] without the unit, for a table or axis that has it: at most two decimals.
pub fn bare_milliseconds(ms: f64) -> String {
    if ms.is_finite() && ms.abs() < 1.0 { format!("{ms:.2}") } else { significant(ms) }
}

/// A share of one: `61.2 %`, `< 0.1 %`.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 0.05 { "< 0.1 %".into() } else { format!("{value:.1} %") }
}

/// A share of a test set: `91.05 %`, with two decimals, since similar networks differ by less than 0.1 %.
pub fn accuracy(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A length in a drawing, in the units of its SVG `viewBox`, with one decimal.
pub fn px(length: f64) -> String {
    format!("{length:.1}")
}

/// `28²`, or `28×20` where the sides differ.
pub fn resolution(shape: Nchw) -> String {
    if shape.h == shape.w { format!("{}²", shape.h) } else { format!("{}×{}", shape.h, shape.w) }
}

/// `median of 30, ±0.9`: the spread has as many decimals as its median.
pub fn median_of(runs: usize, median: f64, spread: f64) -> String {
    let (median, spread) = if median >= 999.5 { (median / 1000.0, spread / 1000.0) } else { (median, spread) };
    let shown = bare_milliseconds(median);
    let decimals = shown.split_once('.').map_or(0, |(_, after)| after.len());
    match runs {
        1 => "one run".into(),
        _ => format!("median of {runs}, ±{spread:.decimals$}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_in_groups_of_three() {
        assert_eq!([0, 999, 1000, 4_225_012].map(grouped), ["0", "999", "1,000", "4,225,012"]);
    }

    #[test]
    fn three_digits() {
        let written: Vec<String> = [0.0, 0.3141, 0.031, 9.996, 19.64, 99.96, 432.4, 1234.0].map(significant).to_vec();
        assert_eq!(written, ["0", "0.314", "0.0310", "10.0", "19.6", "100", "432", "1230"]);
        assert_eq!(significant(f64::NAN), "–");
    }

    #[test]
    fn counts_as_the_literature_writes_them() {
        assert_eq!(count(640), "640");
        assert_eq!(count(131_072), "131 k");
        assert_eq!(count(25_028_904), "25.0 M");
        assert_eq!(count(4_230_000_000), "4.23 G");
        assert_eq!(count(999_700), "1.00 M");
        assert_eq!(bytes(4_225_012), "4.23 MB");
        assert_eq!(bytes(17), "17 B");
    }

    #[test]
    fn times_and_shares() {
        assert_eq!(milliseconds(19.64), "19.6 ms");
        assert_eq!(milliseconds(0.312), "0.31 ms");
        assert_eq!(milliseconds(3123.0), "3.12 s");
        assert_eq!(milliseconds(999.7), "1.00 s");
        assert_eq!(percent(0.6123), "61.2 %");
        assert_eq!(percent(0.0001), "< 0.1 %");
        assert_eq!(percent(0.0), "0.0 %");
    }

    #[test]
    fn the_spread_has_its_medians_digits() {
        assert_eq!(median_of(30, 19.64, 0.93), "median of 30, ±0.9");
        assert_eq!(median_of(10, 3123.0, 52.0), "median of 10, ±0.05");
        assert_eq!(median_of(10, 0.312, 0.021), "median of 10, ±0.02");
        assert_eq!(median_of(1, 3.0, 0.0), "one run");
    }

    #[test]
    fn square_or_not() {
        assert_eq!(resolution(Nchw::new(1, 3, 28, 28)), "28²");
        assert_eq!(resolution(Nchw::new(1, 3, 28, 20)), "28×20");
    }
}
