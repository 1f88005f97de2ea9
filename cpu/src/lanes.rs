//! A vector of f32: four with 128-bit SIMD on wasm, arrays elsewhere, which the compiler vectorises.

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{f32x4_add as add, f32x4_mul as mul, f32x4_pmax as max, f32x4_splat as splat, v128 as Raw};
#[cfg(not(target_arch = "wasm32"))]
use plain::{Raw, add, max, mul, splat};

/// Numbers per vector. On x86-64 those of AVX2, for which [`fast`](crate::fast) compiles; a processor without it takes two registers.
pub(crate) const LANES: usize = if cfg!(target_arch = "x86_64") { 8 } else { 4 };

/// [`LANES`] numbers, as they lie in memory.
pub(crate) type Values = [f32; LANES];

/// The numbers of one SIMD register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes(Raw);

impl Lanes {
    #[inline(always)]
    pub(crate) fn splat(value: f32) -> Self {
        Self(splat(value))
    }

    #[inline(always)]
    pub(crate) fn load(values: &Values) -> Self {
        Self(bytemuck::cast(*values))
    }

    #[inline(always)]
    pub(crate) fn values(self) -> Values {
        bytemuck::cast(self.0)
    }

    /// The sum of the numbers, in pairs.
    #[inline(always)]
    pub(crate) fn sum(self) -> f32 {
        let values = self.values();
        let [a, b, c, d] = core::array::from_fn(|i| (i..LANES).step_by(4).map(|i| values[i]).sum::<f32>());
        (a + b) + (c + d)
    }

    #[inline(always)]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(add(self.0, other.0))
    }

    /// `self + a * b`, rounded after each of the two operations.
    #[inline(always)]
    pub(crate) fn plus_product(self, a: Self, b: Self) -> Self {
        Self(add(self.0, mul(a.0, b.0)))
    }

    /// The larger number per lane; NaN where `self` is NaN.
    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        Self(max(self.0, other.0))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod plain {
    pub(super) use super::Values as Raw;

    #[inline(always)]
    pub(super) fn splat(value: f32) -> Raw {
        [value; super::LANES]
    }

    #[inline(always)]
    pub(super) fn add(a: Raw, b: Raw) -> Raw {
        core::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    pub(super) fn mul(a: Raw, b: Raw) -> Raw {
        core::array::from_fn(|i| a[i] * b[i])
    }

    #[inline(always)]
    pub(super) fn max(a: Raw, b: Raw) -> Raw {
        core::array::from_fn(|i| if a[i] < b[i] { b[i] } else { a[i] })
    }
}
