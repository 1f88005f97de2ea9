//! What the tests of kernels and networks share, natively and in the browser.
#![allow(dead_code)] // Every test file uses its own part.

pub mod compare;
pub mod cpu;
pub mod fixture;
pub mod network;
pub mod prng;
pub mod unit;

use cardinal::gpu::Gpu;
use cardinal::plan::WeightDtype;
use half::f16;

/// The GPU under test. There is always one to be had (Mesa's or Chromium's software driver), so a missing one is a
/// failure and never a silent pass.
pub async fn gpu() -> Gpu {
    let gpu = Gpu::request().await.unwrap_or_else(|error| {
        panic!("{error}\nThese tests need a GPU driver; `cargo xtask test` installs and names a software one.")
    });
    say(&format!("adapter: {:?}", gpu.adapter()));
    gpu
}

/// Normal values, the same whenever the name is.
pub fn values(name: &str, len: usize) -> Vec<f32> {
    prng::normal(7, name, len, 1.0)
}

/// As [`Gpu::run_once`] takes them.
pub fn bytes(values: &[f32]) -> &[u8] {
    bytemuck::cast_slice(values)
}

/// What a kernel computes with: its twin gets the weights as they are after rounding.
pub fn rounded(values: &[f32], dtype: WeightDtype) -> Vec<f32> {
    match dtype {
        WeightDtype::F32 => values.to_vec(),
        WeightDtype::F16 => values.iter().map(|&value| f16::from_f32(value).to_f32()).collect(),
    }
}

/// A line of the test's output, which on wasm is the browser's console.
pub fn say(line: &str) {
    #[cfg(target_arch = "wasm32")]
    wasm_bindgen_test::console_log!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    println!("{line}");
}
