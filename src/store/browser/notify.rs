//! Tasks that wait for something to change.

use event_listener::Event;

/// Wakes the tasks that wait for a change.
#[derive(Default)]
pub(super) struct Notify(Event);

impl Notify {
    /// Wakes every task that waits in [`Notify::until`]: each looks again.
    pub(super) fn notify_all(&self) {
        self.0.notify(usize::MAX);
    }

    /// Waits until `ready` holds; it is called at once and after every notification.
    pub(super) async fn until(&self, ready: &dyn Fn() -> bool) {
        loop {
            let change = self.0.listen();
            if ready() {
                return;
            }
            change.await;
        }
    }
}
