//! The four channels of a pixel in one vector: 128-bit SIMD on wasm, an array elsewhere.

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{i32x4_add as add, i32x4_mul as mul, i32x4_splat as splat, v128 as Raw};
#[cfg(not(target_arch = "wasm32"))]
use plain::{Raw, add, mul, splat};

/// Four fixed-point sums.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lanes(Raw);

impl Lanes {
    #[inline(always)]
    pub(crate) fn splat(value: i32) -> Self {
        Self(splat(value))
    }

    #[inline(always)]
    pub(crate) fn widen(pixel: [u8; 4]) -> Self {
        Self(bytemuck::cast(pixel.map(i32::from)))
    }

    #[inline(always)]
    pub(crate) fn values(self) -> [i32; 4] {
        bytemuck::cast(self.0)
    }

    /// `self + pixel * weight`. It cannot overflow; `filter::PRECISION_BITS` says why.
    #[inline(always)]
    pub(crate) fn plus_product(self, pixel: Self, weight: i32) -> Self {
        Self(add(self.0, mul(pixel.0, splat(weight))))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod plain {
    pub(super) type Raw = [i32; 4];

    #[inline(always)]
    pub(super) fn splat(value: i32) -> Raw {
        [value; 4]
    }

    #[inline(always)]
    pub(super) fn add(a: Raw, b: Raw) -> Raw {
        core::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    pub(super) fn mul(a: Raw, b: Raw) -> Raw {
        core::array::from_fn(|i| a[i] * b[i])
    }
}
