//! Tasks that wait for something to change.

use std::cell::RefCell;
use std::task::{Context, Poll, Waker};

/// Wakes everyone who waits.
#[derive(Default)]
pub(super) struct Bell(RefCell<Vec<Waker>>);

impl Bell {
    pub(super) fn ring(&self) {
        // Woken after the list is free again: a waker may do what it likes.
        let waiting = self.0.take();
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Wakes this task at the next ring.
    pub(super) fn listen(&self, context: &Context<'_>) {
        let mut waiting = self.0.borrow_mut();
        if !waiting.iter().any(|known| known.will_wake(context.waker())) {
            waiting.push(context.waker().clone());
        }
    }

    /// Waits until `ready` holds; it is asked at once and after every ring.
    pub(super) async fn until(&self, ready: &dyn Fn() -> bool) {
        std::future::poll_fn(|context| {
            if ready() {
                return Poll::Ready(());
            }
            self.listen(context);
            Poll::Pending
        })
        .await
    }
}
