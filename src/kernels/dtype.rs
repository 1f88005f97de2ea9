//! What the elements of weights and of activations are on the GPU.

use std::fmt;

use half::f16;

use crate::decimal::short;

/// The element type, on the GPU, of activations and of the weights of convolutions and linear layers. Biases and batch norm are f32, and
/// so is all arithmetic: a shader widens an f16 as it loads it. For weights that is `unpack2x16float`, which every device has;
/// activations in f16 need `shader-f16`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum GpuDtype {
    #[default]
    /// 4 bytes.
    F32,
    /// 2 bytes.
    F16,
}

/// A weight in the order its kernel reads it, ready to be copied to the GPU.
#[derive(Clone, Debug, PartialEq)]
pub enum PackedWeight {
    /// The values.
    F32(Vec<f32>),
    /// Bits, filled up with zeros to whole elements of the shader's array.
    F16(Vec<u16>),
}

/// A value that f16 cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{} is outside of what f16 holds, ±65504", short((*.0).into()))]
pub struct OutsideF16(pub f32);

/// f16 values in a `vec4<u32>`, the element of the convolutions' weight arrays. Linear's are smaller.
const F16_ALIGN: usize = 8;

impl GpuDtype {
    /// f16 or f32.
    pub fn f16_if(f16: bool) -> Self {
        if f16 { Self::F16 } else { Self::F32 }
    }

    /// Bytes of an element.
    pub fn size(self) -> usize {
        match self {
            Self::F32 => size_of::<f32>(),
            Self::F16 => size_of::<f16>(),
        }
    }

    /// Bytes of a buffer for `len` elements.
    pub fn bytes(self, len: usize) -> usize {
        match self {
            Self::F32 => len * self.size(),
            Self::F16 => len.next_multiple_of(F16_ALIGN) * self.size(),
        }
    }

    /// The first `len` elements of a buffer in this type.
    pub fn decode(self, bytes: &[u8], len: usize) -> Vec<f32> {
        let bytes = &bytes[..len * self.size()];
        match self {
            Self::F32 => bytemuck::pod_collect_to_vec(bytes),
            Self::F16 => bytes.chunks_exact(2).map(|half| f16::from_le_bytes([half[0], half[1]]).to_f32()).collect(),
        }
    }

    /// `packed` in this type; f16 is rounded to nearest, ties to even.
    ///
    /// # Errors
    /// The first value that is larger than the largest f16: as an infinity it would spoil every sum it enters.
    pub fn encode(self, packed: Vec<f32>) -> Result<PackedWeight, OutsideF16> {
        if self == Self::F32 {
            return Ok(PackedWeight::F32(packed));
        }
        let largest = f16::MAX.to_f32();
        // No range contains NaN, so that one is refused too.
        if let Some(&value) = packed.iter().find(|value| !(-largest..=largest).contains(*value)) {
            return Err(OutsideF16(value));
        }
        let mut bits = Vec::with_capacity(packed.len().next_multiple_of(F16_ALIGN));
        bits.extend(packed.iter().map(|&value| f16::from_f32(value).to_bits()));
        bits.resize(packed.len().next_multiple_of(F16_ALIGN), 0);
        Ok(PackedWeight::F16(bits))
    }
}

impl fmt::Display for GpuDtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
        })
    }
}

impl PackedWeight {
    /// What the buffer holds.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::F32(values) => bytemuck::cast_slice(values),
            Self::F16(bits) => bytemuck::cast_slice(bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f16_is_rounded_to_nearest_even_and_filled_up() {
        // 2049 and 2051 lie between two f16 each, 2048 and 2050, 2050 and 2052.
        let packed = GpuDtype::F16.encode(vec![1.0, -2.0, 2049.0, 2051.0, 65504.0]).unwrap();
        assert_eq!(packed, PackedWeight::F16(vec![0x3c00, 0xc000, 0x6800, 0x6802, 0x7bff, 0, 0, 0]));
        assert_eq!(packed.bytes().len(), GpuDtype::F16.bytes(5));
        assert_eq!(GpuDtype::F16.decode(packed.bytes(), 4), [1.0, -2.0, 2048.0, 2052.0]);
        let packed = GpuDtype::F32.encode(vec![1.0, 1e9, 3.0]).unwrap();
        assert_eq!(packed.bytes().len(), GpuDtype::F32.bytes(3));
    }

    #[test]
    fn what_f16_cannot_hold_is_refused() {
        for value in [65504.1, -65536.0, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(GpuDtype::F16.encode(vec![0.0, value]), Err(OutsideF16(value)));
        }
        assert!(GpuDtype::F16.encode(vec![f32::NAN]).is_err());
    }
}
