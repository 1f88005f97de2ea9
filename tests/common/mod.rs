//! Helpers of the tests of kernels and networks, natively and in the browser.
#![allow(dead_code)] // Every test file uses a different part.

pub mod compare;
pub mod cpu;
#[cfg(not(target_arch = "wasm32"))]
pub mod disk;
#[cfg(not(target_arch = "wasm32"))]
pub mod example;
#[cfg(not(target_arch = "wasm32"))]
pub mod field;
pub mod fixture;
#[cfg(not(target_arch = "wasm32"))]
pub mod group;
#[cfg(not(target_arch = "wasm32"))]
pub mod kernels;
pub mod network;
pub mod prng;
pub mod read;
pub mod retired;
pub mod saved;
#[cfg(not(target_arch = "wasm32"))]
pub mod sheet;
#[cfg(not(target_arch = "wasm32"))]
pub mod tar;
#[cfg(not(target_arch = "wasm32"))]
pub mod train_reference;
#[cfg(not(target_arch = "wasm32"))]
pub mod training;
#[cfg(not(target_arch = "wasm32"))]
pub mod training_files;
pub mod unit;

use cardinal::gpu::Gpu;
use cardinal::plan::GpuDtype;
use half::f16;

/// The GPU under test. A software driver (Mesa's or Chromium's) is always available, so a missing GPU is a failure and
/// never a silent pass.
pub async fn gpu() -> Gpu {
    let gpu = Gpu::request().await.unwrap_or_else(|error| {
        panic!("{error}\nThese tests need a GPU driver; `cargo xtask test` installs and names a software one.")
    });
    say(&format!("adapter: {:?}", gpu.adapter()));
    gpu
}

/// Normally distributed values, which depend on the name alone.
pub fn values(name: &str, len: usize) -> Vec<f32> {
    prng::normal(7, name, len, 1.0)
}

/// The values' bytes, as [`Gpu::run_once`] takes them.
pub fn bytes(values: &[f32]) -> &[u8] {
    bytemuck::cast_slice(values)
}

/// The weights after rounding, as a kernel and therefore its reference use them.
pub fn rounded(values: &[f32], dtype: GpuDtype) -> Vec<f32> {
    match dtype {
        GpuDtype::F32 => values.to_vec(),
        GpuDtype::F16 => values.iter().map(|&value| f16::from_f32(value).to_f32()).collect(),
    }
}

/// Prints a line, on wasm to the browser's console.
pub fn say(line: &str) {
    #[cfg(target_arch = "wasm32")]
    wasm_bindgen_test::console_log!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    println!("{line}");
}
