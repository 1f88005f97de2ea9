//! Decimals in the library's errors, and sizes in bytes as errors and page write them.
//!
//! The errors' are the only decimals that the worker prints, and `format!("{value}")` would link the standard library's exact
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

/// Three significant digits, in powers of a thousand: `17 B`, `61.2 MB`, `100 MB`.
pub(crate) fn bytes(count: u64) -> String {
    if count < 1000 {
        return format!("{count} B");
    }
    let mut power = count.ilog10();
    let step = 10_u64.pow(power - 2);
    let mut digits = count / step + u64::from(count % step >= step / 2);
    // 999.6 kB is 1.00 MB once it has three digits.
    if digits == 1000 {
        (digits, power) = (100, power + 1);
    }
    let prefix = ["", "k", "M", "G", "T", "P", "E"][power as usize / 3];
    match power % 3 {
        0 => format!("{}.{:02} {prefix}B", digits / 100, digits % 100),
        1 => format!("{}.{} {prefix}B", digits / 10, digits % 10),
        _ => format!("{digits} {prefix}B"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, short};

    #[test]
    fn bytes_have_three_digits() {
        let counts = [0, 999, 1000, 12_345, 999_499, 999_500, 5_000_000, 61_234_567, 100_049_999, u64::MAX];
        let expected =
            ["0 B", "999 B", "1.00 kB", "12.3 kB", "999 kB", "1.00 MB", "5.00 MB", "61.2 MB", "100 MB", "18.4 EB"];
        assert_eq!(counts.map(bytes), expected);
    }

    #[test]
    fn no_trailing_zeros() {
        let values = [0.0, 0.485, 65504.1, 3.0, -2.5, 100.0, 1e-6, 1.5e20, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let expected = ["0", "0.485", "65504.1", "3", "-2.5", "100", "0.000001", "1.5e20", "NaN", "inf", "-inf"];
        assert_eq!(values.map(short), expected);
    }
}
