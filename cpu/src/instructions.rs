//! Which instruction set the arithmetic runs with, chosen at run time.

#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

use crate::lanes::{Base, Loop, Simd};

/// An instruction set that this processor has. Sums of products differ by rounding from one to another.
#[derive(Clone, Copy, Debug)]
pub struct Instructions(pub(crate) Set);

#[derive(Clone, Copy, Debug)]
pub(crate) enum Set {
    #[cfg(target_arch = "x86_64")]
    Avx512(V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    /// What the target always has.
    Base,
}

impl Instructions {
    /// The widest first.
    #[inline]
    fn each() -> impl Iterator<Item = Set> {
        #[cfg(target_arch = "x86_64")]
        let wider = V4::try_new().map(Set::Avx512).into_iter().chain(V3::try_new().map(Set::Avx2));
        #[cfg(not(target_arch = "x86_64"))]
        let wider = core::iter::empty();
        wider.chain([Set::Base])
    }

    /// All that this processor has, the widest first: for tests.
    pub fn all() -> Vec<Self> {
        Self::each().map(Self).collect()
    }

    /// The widest that this processor has.
    #[inline]
    pub fn widest() -> Self {
        Self(Self::each().next().unwrap_or(Set::Base))
    }

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(_) => "AVX2 with FMA",
            Set::Base if cfg!(target_arch = "x86_64") => "SSE2",
            Set::Base if cfg!(target_arch = "aarch64") => "NEON",
            Set::Base if cfg!(target_feature = "relaxed-simd") => "relaxed SIMD128",
            Set::Base if cfg!(target_arch = "wasm32") => "SIMD128",
            Set::Base => "whatever the compiler takes",
        }
    }
}

impl Instructions {
    /// Runs a loop, compiled for this instruction set.
    #[inline]
    pub(crate) fn run(self, body: impl Loop) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(simd) => simd.run(body),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(simd) => simd.run(body),
            Set::Base => Base.run(body),
        }
    }
}
