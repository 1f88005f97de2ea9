//! The portable generator of `tests/data/make_fixtures.py`: it computes the weights and inputs that are too large
//! to store, bit for bit.

use std::borrow::Cow;

use cardinal::weights::{TensorSource, WeightError};

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The start of a tensor's stream: FNV-1a of `"{seed}/{name}"`.
pub fn start(seed: u64, name: &str) -> u64 {
    format!("{seed}/{name}")
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// Number `k` of the stream, in [0, 1).
pub fn unit(start: u64, k: u64) -> f64 {
    let mut z = start.wrapping_add((k + 1).wrapping_mul(GOLDEN));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 40) as f64 * 2.0_f64.powi(-24)
}

/// The numbers of a stream, one after the other.
pub struct Numbers {
    start: u64,
    next: u64,
}

impl Numbers {
    pub fn from(start: u64) -> Self {
        Self { start, next: 0 }
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f64 {
        self.next += 1;
        unit(self.start, self.next - 1)
    }

    /// Below `limit`; 0 where that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.unit() * limit as f64) as usize
    }
}

pub fn uniform(seed: u64, name: &str, len: usize, low: f64, high: f64) -> Vec<f32> {
    let start = start(seed, name);
    (0..len as u64).map(|k| (low + (high - low) * unit(start, k)) as f32).collect()
}

pub fn normal(seed: u64, name: &str, len: usize, std: f64) -> Vec<f32> {
    let start = start(seed, name);
    let scale = 3.0_f64.sqrt() * std;
    let draw = |k| unit(start, k);
    (0..len as u64)
        .map(|i| (((draw(4 * i) + draw(4 * i + 1)) + (draw(4 * i + 2) + draw(4 * i + 3)) - 2.0) * scale) as f32)
        .collect()
}

/// The weights of a generated network.
pub struct Generated {
    pub seed: u64,
}

impl TensorSource for Generated {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let len = shape.iter().product();
        let fill = |low, high| uniform(self.seed, name, len, low, high);
        let he = |gain: f64| {
            let bound = (gain / shape[1..].iter().product::<usize>() as f64).sqrt();
            fill(-bound, bound)
        };
        let (module, last) = name.rsplit_once('.').unwrap_or(("", name));
        let is_bn = module.contains(".bn") || module.starts_with("bn") || module.ends_with(".downsample.1");
        let values = match (last, shape.len()) {
            ("running_mean", _) => normal(self.seed, name, len, 0.1),
            ("running_var", _) => fill(0.5, 1.5),
            ("weight", 2) => he(3.0),
            ("weight", 4) => he(6.0),
            ("weight", _) if is_bn => {
                let scale = if name.contains(".bn3.") { 0.2 } else { 1.0 };
                fill(0.5 * scale, 1.5 * scale)
            }
            ("bias", _) if is_bn => fill(-0.2, 0.2),
            ("bias", _) => fill(-0.1, 0.1),
            _ => panic!("no rule for {name}"),
        };
        Ok(values.into())
    }
}
