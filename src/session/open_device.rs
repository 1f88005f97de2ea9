//! A device, also in place of one that was lost.

/// How often it is asked for, where the browser refuses. A GPU process that has died takes some seconds to start anew, and until then
/// there is no adapter.
const ATTEMPTS: u32 = 9;
/// Milliseconds from one attempt to the next; all of them take less than a browser has time to answer.
const PAUSE_MS: u32 = 500;

/// Opens a device; `after_loss` of another, again and again for some seconds, as long as it is refused.
///
/// # Errors
/// Why it was refused the last time.
pub async fn open_device<T, E>(
    after_loss: bool,
    open: impl AsyncFn() -> Result<T, E>,
    sleep: impl AsyncFn(u32),
) -> Result<T, E> {
    for _ in 1..if after_loss { ATTEMPTS } else { 1 } {
        if let Ok(device) = open().await {
            return Ok(device);
        }
        sleep(PAUSE_MS).await;
    }
    open().await
}
