//! Normally distributed numbers that are the same on every machine, and any of which can be made alone.
//!
//! Number `k` of the stream `"{seed}/{name}"` is SplitMix64 in counter mode, keyed by FNV-1a-64 of the stream's name,
//! put through the inverse of the normal distribution. Only additions, multiplications, divisions and square roots are
//! used, which IEEE 754 fixes to the bit, and `libm`'s logarithm, which is made of them; the standard library's differs
//! between platforms.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of draws.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream(u64);

impl Stream {
    /// FNV-1a-64 of the UTF-8 bytes of `"{seed}/{name}"`.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        Self(format!("{seed}/{name}").bytes().fold(0xCBF2_9CE4_8422_2325, step))
    }

    /// The stream of a generator whose state is `start`.
    pub(crate) fn at(start: u64) -> Self {
        Self(start)
    }

    /// SplitMix64's draw `k`, from 0.
    pub(crate) fn draw(self, k: u64) -> u64 {
        let mut z = self.0.wrapping_add(k.wrapping_add(1).wrapping_mul(GOLDEN));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draw `k` from the standard normal distribution.
    pub(super) fn normal(self, k: u64) -> f64 {
        // 52 bits as the fraction of a number in [1, 2), then the middle of that step of (0, 1): never 0 and never 1.
        let p = f64::from_bits(self.draw(k) >> 12 | 1.0_f64.to_bits()) - 1.0 + 0.5 * f64::EPSILON;
        inverse_normal(p)
    }
}

// P. J. Acklam's rational approximation of the normal quantile, relative error below 1.15e-9.
const CENTRE: [f64; 6] = [
    -3.969683028665376e+01,
    2.209460984245205e+02,
    -2.759285104469687e+02,
    1.38357751867269e+02,
    -3.066479806614716e+01,
    2.506628277459239e+00,
];
const CENTRE_BELOW: [f64; 6] = [
    -5.447609879822406e+01,
    1.615858368580409e+02,
    -1.556989798598866e+02,
    6.680131188771972e+01,
    -1.328068155288572e+01,
    1.0,
];
const TAIL: [f64; 6] = [
    -7.784894002430293e-03,
    -3.223964580411365e-01,
    -2.400758277161838e+00,
    -2.549732539343734e+00,
    4.374664141464968e+00,
    2.938163982698783e+00,
];
const TAIL_BELOW: [f64; 5] =
    [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1.0];

/// Where the tails begin.
const TAIL_P: f64 = 0.02425;

/// The value a standard normal number stays below with probability `p`, which lies in (0, 1).
fn inverse_normal(p: f64) -> f64 {
    let tail = |p: f64| {
        let q = (-2.0 * libm::log(p)).sqrt();
        polynomial(&TAIL, q) / polynomial(&TAIL_BELOW, q)
    };
    if p < TAIL_P {
        tail(p)
    } else if p > 1.0 - TAIL_P {
        -tail(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        polynomial(&CENTRE, r) * q / polynomial(&CENTRE_BELOW, r)
    }
}

/// Horner's rule, the highest power first.
fn polynomial<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    coefficients[1..].iter().fold(coefficients[0], |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_splitmix64_keyed_by_fnv() {
        // From the check values of the fixtures' generator, which shares this stream.
        assert_eq!(Stream::new(1, "conv1.weight").0, 0x44e4_65e1_5bca_7cd8);
        let unit = |k| (Stream::new(1, "conv1.weight").draw(k) >> 40) as f64 / f64::from(1 << 24);
        assert_eq!([unit(0), unit(3)], [0.2296927571296692, 0.6914718151092529]);
        assert_eq!(Stream::new(1, "ünïcode").0, 0x8058_c9c0_d9de_e007);
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (p, expected) in [
            (0.5, 0.0),
            (0.975, 1.959963984540054),
            (0.841344746068543, 1.0),
            (0.01, -2.3263478740408408),
            (1e-9, -5.997807015007687),
            (1.0 - 1e-4, 3.719016485455709),
        ] {
            let got = inverse_normal(p);
            assert!((got - expected).abs() < 1e-8, "{p}: expected {expected}, got {got}");
        }
    }

    #[test]
    fn the_ends_are_finite() {
        let step = 1.0 / (1_u64 << 52) as f64;
        assert!((inverse_normal(0.5 * step) + inverse_normal(1.0 - 0.5 * step)).abs() < 1e-8);
        assert!(inverse_normal(0.5 * step) > -9.0);
    }
}
