//! Decimals in the library's errors.
//!
//! They are the only decimals that the worker prints, and `format!("{value}")` would link the standard library's exact
//! formatter for them: 6.1 KB in brotli, measured with `cargo xtask build`, of the 450 KB that page and worker may have. The page
//! has that formatter anyway, so `view` and `ui` use it.

/// Up to six decimals, without trailing zeros: `0.485`, `65504`, `1.5e20`, `NaN`, `-inf`.
pub(crate) fn short(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let mut value = value.abs();
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    let mut exponent = String::new();
    if value >= 1e12 {
        let mut tens = 0;
        while value >= 10.0 {
            value /= 10.0;
            tens += 1;
        }
        exponent = format!("e{tens}");
    }
    let millionths = (value * 1e6).round() as u64;
    let digits = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    format!("{sign}{}{exponent}", digits.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn no_trailing_zeros() {
        let values = [0.0, 0.485, 65504.1, 3.0, -2.5, 100.0, 1e-6, 1.5e20, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let expected = ["0", "0.485", "65504.1", "3", "-2.5", "100", "0.000001", "1.5e20", "NaN", "inf", "-inf"];
        assert_eq!(values.map(short), expected);
    }
}
