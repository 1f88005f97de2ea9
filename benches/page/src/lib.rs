//! What the page of `cargo xtask bench` calls: the library as a visitor's page has it, in small handles for JavaScript.
//! `site/` is the other half.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

mod convolution;
mod cpu;
mod network;

use std::fmt::Display;
use std::rc::Rc;

use cardinal::gpu::Gpu;
use wasm_bindgen::prelude::*;

pub use convolution::Convolution;
pub use cpu::{plan_ms, preprocess_ms};
pub use network::Network;

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
    /// The adapter the browser prefers, with the kernels that are fastest on it.
    pub async fn open() -> Result<Device, JsError> {
        let gpu = Gpu::request().await.map_err(say)?;
        gpu.tune().await.map_err(say)?;
        Ok(Self { gpu: Rc::new(gpu) })
    }

    /// As the library calls it.
    pub fn name(&self) -> String {
        self.gpu.adapter().name.clone()
    }
}

/// An error as JavaScript throws it.
fn say(error: impl Display) -> JsError {
    JsError::new(&error.to_string())
}
