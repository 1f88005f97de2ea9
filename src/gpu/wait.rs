//! Waiting without blocking: for the GPU, and for the browser to draw.

use super::{Gpu, GpuError};
use futures_channel::oneshot;

impl Gpu {
    /// Until all submitted work is done.
    pub(super) async fn idle(&self) -> Result<(), GpuError> {
        let (sender, receiver) = oneshot::channel();
        self.queue.on_submitted_work_done(move || {
            // Nobody waits any more where the run was cancelled.
            let _ = sender.send(());
        });
        self.poll()?;
        receiver.await.map_err(|_| self.lost())?;
        self.check()
    }

    /// The values of a `MAP_READ` buffer.
    pub(super) async fn read(&self, buffer: &wgpu::Buffer) -> Result<Vec<u8>, GpuError> {
        let (sender, receiver) = oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, .., move |outcome| {
            let _ = sender.send(outcome);
        });
        self.poll()?;
        let mapped = receiver.await.map_err(|_| self.lost())?;
        // A failed map must never read as zeros: the reason is a loss or a validation error before it.
        mapped.map_err(|_| self.check().err().unwrap_or_else(|| self.lost()))?;
        self.check()?;
        let view = buffer
            .get_mapped_range(..)
            .map_err(|error| GpuError::Validation { detail: format!("readback: {error}") })?;
        let bytes = view.to_vec();
        drop(view);
        buffer.unmap();
        Ok(bytes)
    }

    fn lost(&self) -> GpuError {
        GpuError::Lost { detail: "it stopped answering".to_owned() }
    }

    /// Natively somebody must drive the callbacks; the browser does it by itself.
    fn poll(&self) -> Result<(), GpuError> {
        if cfg!(not(target_arch = "wasm32")) {
            self.device
                .poll(wgpu::PollType::wait_indefinitely())
                .map_err(|error| GpuError::Lost { detail: error.to_string() })?;
        }
        Ok(())
    }
}

/// Lets the browser draw and handle input. Natively there is nothing to wait for.
#[cfg(target_arch = "wasm32")]
pub async fn pause() {
    use wasm_bindgen::{JsCast, JsValue};
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        let timer = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("setTimeout"));
        if let Some(timer) = timer.ok().and_then(|timer| timer.dyn_into::<js_sys::Function>().ok()) {
            // Fails only where `setTimeout` is missing, and no browser lacks it.
            let _ = timer.call2(&JsValue::UNDEFINED, &resolve, &JsValue::from_f64(0.0));
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

#[cfg(not(target_arch = "wasm32"))]
pub async fn pause() {}
