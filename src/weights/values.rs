//! Checks a tensor's bytes and decodes them to f32.

use std::borrow::Cow;

use half::{bf16, f16};

use super::WeightError;
use super::header::Dtype;

/// Decodes little-endian values; aligned f32 values are borrowed on little-endian machines.
pub(super) fn decode<'a>(name: &str, dtype: &Dtype, bytes: &'a [u8]) -> Result<Cow<'a, [f32]>, WeightError> {
    let halves = || bytes.as_chunks::<2>().0.iter();
    Ok(match dtype {
        Dtype::F32 => singles(bytes),
        Dtype::F16 => halves().map(|&value| f16::from_le_bytes(value).to_f32()).collect(),
        Dtype::Bf16 => halves().map(|&value| bf16::from_le_bytes(value).to_f32()).collect(),
        Dtype::F64 => bytes.as_chunks::<8>().0.iter().map(|&value| f64::from_le_bytes(value) as f32).collect(),
        Dtype::Other(got) => return Err(WeightError::Dtype { tensor: name.to_owned(), got: got.clone() }),
    })
}

/// Little-endian f32 values, borrowed where alignment and byte order allow; older writers do not align tensors.
fn singles(bytes: &[u8]) -> Cow<'_, [f32]> {
    match bytemuck::try_cast_slice(bytes) {
        Ok(values) if cfg!(target_endian = "little") => Cow::Borrowed(values),
        _ => bytes.as_chunks::<4>().0.iter().map(|&value| f32::from_le_bytes(value)).collect(),
    }
}

/// Refuses NaN and infinities anywhere, and negative variances.
pub(super) fn check_values(name: &str, dtype: &Dtype, bytes: &[u8]) -> Result<(), WeightError> {
    let variance = name.ends_with(".running_var");
    let halves = || bytes.as_chunks::<2>().0.iter().map(|&value| u16::from_le_bytes(value));
    match dtype {
        Dtype::F32 => {
            let values = bytes.as_chunks::<4>().0;
            // Millions of weights are looked at together, and one by one only from the block on that has a bad one.
            let known = if variance { 0 } else { finite(values) };
            let bits = values[known..].iter().map(|&value| u32::from_le_bytes(value));
            let bad = first_bad(bits.map(|bits| (bits & 0x7f80_0000 == 0x7f80_0000, bits > 1 << 31)), variance);
            refuse(name, bad.map(|index| known + index), |i| f32::from_le_bytes(values[i]))
        }
        Dtype::F16 => {
            let bad = first_bad(halves().map(|bits| (bits & 0x7c00 == 0x7c00, bits > 1 << 15)), variance);
            refuse(name, bad, |i| f16::from_le_bytes(bytes.as_chunks::<2>().0[i]).to_f32())
        }
        Dtype::Bf16 => {
            let bad = first_bad(halves().map(|bits| (bits & 0x7f80 == 0x7f80, bits > 1 << 15)), variance);
            refuse(name, bad, |i| bf16::from_le_bytes(bytes.as_chunks::<2>().0[i]).to_f32())
        }
        Dtype::F64 => {
            let value = |i: usize| f64::from_le_bytes(bytes.as_chunks::<8>().0[i]);
            let count = bytes.len() / 8;
            // A variance whose sign is lost with its value in f32 is refused too.
            let bad =
                first_bad((0..count).map(value).map(|value| (!(value as f32).is_finite(), value < 0.0)), variance);
            match bad {
                Some(index) if value(index).is_finite() && !(value(index) as f32).is_finite() => {
                    Err(WeightError::OutsideF32 { tensor: name.to_owned(), index, value: value(index) })
                }
                bad => refuse(name, bad, |i| value(i) as f32),
            }
        }
        Dtype::Other(got) => Err(WeightError::Dtype { tensor: name.to_owned(), got: got.clone() }),
    }
}

/// How many of the first values are finite for certain: whole blocks, up to the first with one that is not. A loop without a way out
/// takes a fifth of the time.
fn finite(values: &[[u8; 4]]) -> usize {
    const EXPONENT: u32 = 0x7f80_0000;
    const BLOCK: usize = 64;
    let is_finite = |block: &&[[u8; 4]; BLOCK]| {
        let mut most = 0;
        for &value in *block {
            most = most.max(u32::from_le_bytes(value) & EXPONENT);
        }
        most < EXPONENT
    };
    values.as_chunks().0.iter().take_while(is_finite).count() * BLOCK
}

/// Index of the first value with all exponent bits set or, in a variance, with the sign bit.
fn first_bad(mut values: impl Iterator<Item = (bool, bool)>, variance: bool) -> Option<usize> {
    values.position(|(not_finite, negative)| not_finite || (variance && negative))
}

fn refuse(name: &str, bad: Option<usize>, value: impl Fn(usize) -> f32) -> Result<(), WeightError> {
    let Some(index) = bad else { return Ok(()) };
    let (tensor, value) = (name.to_owned(), value(index));
    if value.is_finite() {
        return Err(WeightError::NegativeVariance { tensor, index, value });
    }
    Err(WeightError::NonFinite { tensor, index, value })
}
