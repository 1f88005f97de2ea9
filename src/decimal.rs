//! Numbers with a fraction as text. The standard library's way is exact to the last digit of any number, which costs every visitor
//! five kilobytes; the page writes few digits.

/// `value` with so many decimals, rounded: `fixed(19.64, 1)` is `19.6`.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let scale = 10u64.pow(decimals as u32);
    let scaled = value.abs() * scale as f64;
    if scaled.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value < 0.0 && scaled >= 0.5 { "-" } else { "" };
    if scaled >= 1e18 {
        // Larger than anything that is not wrong.
        return format!("{sign}{}", if value.is_infinite() { "inf".to_owned() } else { power(value.abs()) });
    }
    let scaled = scaled.round() as u64;
    if decimals == 0 {
        return format!("{sign}{scaled}");
    }
    format!("{sign}{}.{:0decimals$}", scaled / scale, scaled % scale)
}

/// Up to six decimals, without needless zeros: `0.485`, `65504`, `1.5e20`.
pub(crate) fn short(value: f64) -> String {
    let text = fixed(value, 6);
    if text.contains('.') && !text.contains('e') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

/// `1.5e20`.
fn power(value: f64) -> String {
    let exponent = value.log10().floor();
    format!("{}e{}", short(value / 10f64.powf(exponent)), exponent as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_digits_are_the_standard_librarys() {
        for value in [0.0, 0.05, -0.3141, 1.0, 19.64, -432.4, 99.996, 1234.5678, 25_028_904.0] {
            for decimals in 0..6 {
                let text = format!("{value:.decimals$}");
                // Zero has no sign here.
                let expected = if text.trim_matches(['-', '0', '.']).is_empty() { text.replace('-', "") } else { text };
                assert_eq!(fixed(value, decimals), expected, "{value} {decimals}");
            }
        }
        assert_eq!(fixed(-0.01, 1), "0.0");
    }

    #[test]
    fn no_needless_zeros() {
        let written = [0.485, 65504.1, 3.0, -2.5, 1.5e20, f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(short);
        assert_eq!(written, ["0.485", "65504.1", "3", "-2.5", "1.5e20", "NaN", "inf", "-inf"]);
    }
}
