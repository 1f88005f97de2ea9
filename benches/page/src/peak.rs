//! The rate of multiply-adds whose operands stay in registers: what no kernel exceeds on one thread.

use core::arch::wasm32::{f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_relaxed_madd, f32x4_splat, v128};
use std::hint::black_box;

use wasm_bindgen::prelude::*;
use web_time::Instant;

/// Sums that do not wait for each other: enough for two multiply-adds per cycle, and few enough for sixteen registers.
const SUMS: usize = 12;
/// Some 50 ms.
const TURNS: usize = 40_000_000;

/// GFLOP/s of a multiplication and an addition of 128 bits each.
#[wasm_bindgen]
pub fn peak_gflops() -> f64 {
    rate(|sums, factor, term| sums.map(|sum| f32x4_add(f32x4_mul(sum, factor), term)))
}

/// GFLOP/s of relaxed multiply-adds of 128 bits: one instruction where the processor has one.
#[wasm_bindgen]
#[target_feature(enable = "relaxed-simd")]
pub fn relaxed_peak_gflops() -> f64 {
    rate(|sums, factor, term| sums.map(|sum| f32x4_relaxed_madd(sum, factor, term)))
}

#[inline(always)]
fn rate(step: impl Fn([v128; SUMS], v128, v128) -> [v128; SUMS]) -> f64 {
    let (factor, term) = (f32x4_splat(black_box(0.5)), f32x4_splat(black_box(1.0)));
    let mut sums: [v128; SUMS] = core::array::from_fn(|i| f32x4_splat(i as f32));
    let start = Instant::now();
    for _ in 0..TURNS {
        sums = step(sums, factor, term);
    }
    let seconds = start.elapsed().as_secs_f64();
    // The result must be used, or the compiler removes the work.
    black_box(sums.map(|sum| f32x4_extract_lane::<0>(sum)));
    (TURNS * SUMS * 4 * 2) as f64 / seconds / 1e9
}
