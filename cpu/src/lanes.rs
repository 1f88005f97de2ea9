//! Vectors of f32 of one instruction set: the processor's registers, or arrays that the compiler vectorises.

/// The operations on vectors of `N` numbers. A value of an implementing type is the proof that the processor has them.
pub(crate) trait Simd<const N: usize>: Copy {
    /// The numbers of one SIMD register.
    type Lanes: Copy;

    /// Runs a loop, compiled for this instruction set.
    fn run(self, body: impl Loop);

    fn splat(self, value: f32) -> Self::Lanes;
    fn load(self, values: &[f32; N]) -> Self::Lanes;
    fn values(self, lanes: Self::Lanes) -> [f32; N];
    fn plus(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// `sum + a * b`: rounded once where the instruction set has one instruction for it, otherwise after each operation.
    fn plus_product(self, sum: Self::Lanes, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// Fetches into the cache what will soon be read; nothing where there is no instruction for it. Any address is allowed.
    #[inline(always)]
    fn prefetch(self, _at: *const f32) {}

    /// The larger number per lane; NaN where `a` is NaN.
    fn max(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// The sum of the numbers, in pairs.
    #[inline(always)]
    fn sum(self, lanes: Self::Lanes) -> f32 {
        let values = self.values(lanes);
        let [a, b, c, d] = core::array::from_fn(|i| (i..N).step_by(4).map(|i| values[i]).sum::<f32>());
        (a + b) + (c + d)
    }
}

/// A loop that is compiled for each instruction set.
pub(crate) trait Loop {
    /// Runs it with vectors of `N` numbers. An implementation is `#[inline(always)]`: only where it is inlined is it compiled for the
    /// instruction set.
    fn run<const N: usize, S: Simd<N>>(self, simd: S);
}

/// What every processor of the target has: vectors of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Base;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::{__m256, __m512, _MM_HINT_T0};

    use pulp::NullaryFnOnce;
    use pulp::x86::{V3, V4};

    use super::{Loop, Simd};

    /// A call that is inlined where it is made, which a closure need not be.
    struct Call<const N: usize, S, B>(S, B);

    impl<const N: usize, S: Simd<N>, B: Loop> NullaryFnOnce for Call<N, S, B> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            self.1.run(self.0);
        }
    }

    impl Simd<16> for V4 {
        type Lanes = __m512;

        #[inline]
        fn run(self, body: impl Loop) {
            self.vectorize(Call::<16, _, _>(self, body));
        }

        #[inline(always)]
        fn splat(self, value: f32) -> __m512 {
            self.avx512f._mm512_set1_ps(value)
        }

        #[inline(always)]
        fn load(self, values: &[f32; 16]) -> __m512 {
            bytemuck::cast(*values)
        }

        #[inline(always)]
        fn values(self, lanes: __m512) -> [f32; 16] {
            bytemuck::cast(lanes)
        }

        #[inline(always)]
        fn plus(self, a: __m512, b: __m512) -> __m512 {
            self.avx512f._mm512_add_ps(a, b)
        }

        #[inline(always)]
        fn plus_product(self, sum: __m512, a: __m512, b: __m512) -> __m512 {
            self.avx512f._mm512_fmadd_ps(a, b, sum)
        }

        #[inline(always)]
        fn prefetch(self, at: *const f32) {
            self.sse._mm_prefetch::<_MM_HINT_T0>(at.cast());
        }

        #[inline(always)]
        fn max(self, a: __m512, b: __m512) -> __m512 {
            // Where one is NaN, the instruction gives the second.
            self.avx512f._mm512_max_ps(b, a)
        }
    }

    impl Simd<8> for V3 {
        type Lanes = __m256;

        #[inline]
        fn run(self, body: impl Loop) {
            self.vectorize(Call::<8, _, _>(self, body));
        }

        #[inline(always)]
        fn splat(self, value: f32) -> __m256 {
            self.avx._mm256_set1_ps(value)
        }

        #[inline(always)]
        fn load(self, values: &[f32; 8]) -> __m256 {
            bytemuck::cast(*values)
        }

        #[inline(always)]
        fn values(self, lanes: __m256) -> [f32; 8] {
            bytemuck::cast(lanes)
        }

        #[inline(always)]
        fn plus(self, a: __m256, b: __m256) -> __m256 {
            self.avx._mm256_add_ps(a, b)
        }

        #[inline(always)]
        fn plus_product(self, sum: __m256, a: __m256, b: __m256) -> __m256 {
            self.fma._mm256_fmadd_ps(a, b, sum)
        }

        #[inline(always)]
        fn prefetch(self, at: *const f32) {
            self.sse._mm_prefetch::<_MM_HINT_T0>(at.cast());
        }

        #[inline(always)]
        fn max(self, a: __m256, b: __m256) -> __m256 {
            // Where one is NaN, the instruction gives the second.
            self.avx._mm256_max_ps(b, a)
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use core::arch::wasm32::{f32x4_add, f32x4_pmax, f32x4_splat, v128};

    use super::{Base, Loop, Simd};

    impl Simd<4> for Base {
        type Lanes = v128;

        #[inline(always)]
        fn run(self, body: impl Loop) {
            body.run(self);
        }

        #[inline(always)]
        fn splat(self, value: f32) -> v128 {
            f32x4_splat(value)
        }

        #[inline(always)]
        fn load(self, values: &[f32; 4]) -> v128 {
            bytemuck::cast(*values)
        }

        #[inline(always)]
        fn values(self, lanes: v128) -> [f32; 4] {
            bytemuck::cast(lanes)
        }

        #[inline(always)]
        fn plus(self, a: v128, b: v128) -> v128 {
            f32x4_add(a, b)
        }

        /// With relaxed SIMD the browser rounds once where the processor does.
        #[inline(always)]
        fn plus_product(self, sum: v128, a: v128, b: v128) -> v128 {
            #[cfg(target_feature = "relaxed-simd")]
            return core::arch::wasm32::f32x4_relaxed_madd(a, b, sum);
            #[cfg(not(target_feature = "relaxed-simd"))]
            return f32x4_add(sum, core::arch::wasm32::f32x4_mul(a, b));
        }

        #[inline(always)]
        fn max(self, a: v128, b: v128) -> v128 {
            f32x4_pmax(a, b)
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Simd<4> for Base {
    type Lanes = [f32; 4];

    #[inline(always)]
    fn run(self, body: impl Loop) {
        body.run(self);
    }

    #[inline(always)]
    fn splat(self, value: f32) -> [f32; 4] {
        [value; 4]
    }

    #[inline(always)]
    fn load(self, values: &[f32; 4]) -> [f32; 4] {
        *values
    }

    #[inline(always)]
    fn values(self, lanes: [f32; 4]) -> [f32; 4] {
        lanes
    }

    #[inline(always)]
    fn plus(self, a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        core::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn plus_product(self, sum: [f32; 4], a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        // Every aarch64 multiplies and adds in one instruction; elsewhere `mul_add` could be a call.
        let fused = cfg!(target_arch = "aarch64");
        core::array::from_fn(|i| if fused { a[i].mul_add(b[i], sum[i]) } else { sum[i] + a[i] * b[i] })
    }

    #[inline(always)]
    fn max(self, a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        core::array::from_fn(|i| if a[i] < b[i] { b[i] } else { a[i] })
    }
}
