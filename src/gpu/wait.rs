//! Waiting for the GPU without blocking.

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
