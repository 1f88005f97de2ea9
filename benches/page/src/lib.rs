//! The library for the page of `cargo xtask bench`: small handles for JavaScript, compiled like the shipped page. `site/` has the
//! scripts.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

mod convolution;
mod cpu;
mod network;
mod peak;

use std::fmt::Display;
use std::rc::Rc;

use cardinal::gpu::Gpu;
use wasm_bindgen::prelude::*;

pub use convolution::Convolution;
pub use cpu::{plan_ms, preprocess_ms};
pub use network::Network;
pub use peak::{peak_gflops, relaxed_peak_gflops};

/// Runs when the module is loaded: panics go to the console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// An open adapter.
#[wasm_bindgen]
pub struct Device {
    gpu: Rc<Gpu>,
}

#[wasm_bindgen]
impl Device {
    /// Opens the browser's preferred adapter, with the kernels that are fastest on it.
    ///
    /// # Errors
    ///
    /// Where there is no adapter, or it opens no device.
    pub async fn open() -> Result<Device, JsError> {
        let gpu = Gpu::request().await.map_err(say)?;
        gpu.tune().await.map_err(say)?;
        Ok(Self { gpu: Rc::new(gpu) })
    }

    /// The adapter's name, as the library gives it.
    pub fn name(&self) -> String {
        self.gpu.adapter().name.clone()
    }
}

/// An error as JavaScript throws it.
fn say(error: impl Display) -> JsError {
    JsError::new(&error.to_string())
}
