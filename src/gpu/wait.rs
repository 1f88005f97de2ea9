//! Waiting for the GPU without blocking, and not for ever.
//!
//! Some drivers hang, and what was asked of the browser then never settles. A wait in a browser is given up, with
//! [`GpuError::Hung`], after [`PATIENCE`] times the longest that the device has needed so far, and not before [`LEAST_MS`]. Long
//! work is cut into short submissions, so that the waits of one device do not differ much.

use futures_channel::oneshot;

use super::{Gpu, GpuError};

/// How many times as long as any wait before it one may take.
#[cfg(target_arch = "wasm32")]
const PATIENCE: f64 = 10.0;
/// The shortest time after which a wait is given up. Another program may keep the GPU busy for seconds.
#[cfg(target_arch = "wasm32")]
const LEAST_MS: f64 = 10_000.0;
/// A wait is timed by as many timers, one after the other: where the machine sleeps meanwhile, only one of them runs out.
#[cfg(target_arch = "wasm32")]
const TIMERS: i32 = 10;

type Settled = Result<(), wgpu::BufferAsyncError>;

impl Gpu {
    /// Until all submitted work is done.
    pub(super) async fn idle(&self) -> Result<(), GpuError> {
        let (sender, receiver) = oneshot::channel();
        self.queue.on_submitted_work_done(move || {
            // Nobody waits any more where the run was cancelled.
            let _ = sender.send(Ok(()));
        });
        self.settled(receiver).await
    }

    /// The values of a `MAP_READ` buffer.
    pub(super) async fn read(&self, buffer: &wgpu::Buffer) -> Result<Vec<u8>, GpuError> {
        let (sender, receiver) = oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, .., move |outcome| {
            let _ = sender.send(outcome);
        });
        self.settled(receiver).await?;
        let view = buffer
            .get_mapped_range(..)
            .map_err(|error| GpuError::Validation { detail: format!("readback: {error}") })?;
        let bytes = view.to_vec();
        drop(view);
        buffer.unmap();
        Ok(bytes)
    }

    /// Waits for what was asked of the device.
    async fn settled(&self, receiver: oneshot::Receiver<Settled>) -> Result<(), GpuError> {
        self.poll()?;
        let settled = self.in_time(receiver).await?;
        // A failed map must never read as zeros: the reason is a loss or a validation error before it.
        if !matches!(settled, Ok(Ok(()))) {
            self.check()?;
            return Err(GpuError::Lost { detail: "it stopped answering".to_owned() });
        }
        self.check()
    }

    /// What a wait ends with, in time.
    #[cfg(target_arch = "wasm32")]
    async fn in_time(
        &self,
        receiver: oneshot::Receiver<Settled>,
    ) -> Result<Result<Settled, oneshot::Canceled>, GpuError> {
        use futures_util::future::{Either, select};
        let start = crate::platform::now();
        let limit = (PATIENCE * self.longest_ms.get()).max(LEAST_MS);
        let timers = async {
            for _ in 0..TIMERS {
                crate::platform::sleep(limit as i32 / TIMERS).await;
            }
        };
        match select(receiver, std::pin::pin!(timers)).await {
            Either::Left((settled, _)) => {
                self.longest_ms.set(self.longest_ms.get().max(crate::platform::now() - start));
                Ok(settled)
            }
            Either::Right(_) => Err(GpuError::Hung { seconds: (limit / 1e3) as u64 }),
        }
    }

    /// What a wait ends with. Natively [`Gpu::poll`] has waited already.
    #[cfg(not(target_arch = "wasm32"))]
    async fn in_time(
        &self,
        receiver: oneshot::Receiver<Settled>,
    ) -> Result<Result<Settled, oneshot::Canceled>, GpuError> {
        Ok(receiver.await)
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
