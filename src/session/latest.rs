//! The newest piece of work replaces the one under way.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::{AbortHandle, Abortable};

/// A slot for one piece of work. A newer piece replaces the one under way, which is dropped at its next await. Dropping is
/// futures-util's [`Abortable`]; the slot adds which piece is the newest and whether it is still under way.
#[derive(Default)]
pub struct Latest(RefCell<Option<Running>>);

struct Running {
    abort: AbortHandle,
    done: Rc<Cell<bool>>,
}

impl Latest {
    /// Stops the work under way, and returns `work`, to be run until something newer replaces it.
    pub fn replace_by<F: Future<Output = ()>>(&self, work: F) -> impl Future<Output = ()> + use<F> {
        self.stop();
        let (abort, registration) = AbortHandle::new_pair();
        let done = Rc::new(Cell::new(false));
        *self.0.borrow_mut() = Some(Running { abort, done: done.clone() });
        let work = Abortable::new(work, registration);
        async move {
            // An error only says that something newer has replaced it.
            let _ = work.await;
            done.set(true);
        }
    }

    /// Stops the work under way; says whether there was any.
    pub fn stop(&self) -> bool {
        let Some(running) = self.0.take() else { return false };
        running.abort.abort();
        !running.done.get()
    }

    /// Whether work is under way.
    pub fn is_busy(&self) -> bool {
        self.0.borrow().as_ref().is_some_and(|running| !running.done.get())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::pending;

    use super::*;

    #[test]
    fn a_newer_piece_of_work_stops_the_older() {
        let (slot, log) = (Latest::default(), Rc::new(RefCell::new(Vec::new())));
        let work = |name: &'static str, wait: bool| {
            let log = log.clone();
            async move {
                log.borrow_mut().push(format!("{name} begins"));
                if wait {
                    pending::<()>().await;
                }
                log.borrow_mut().push(format!("{name} ends"));
            }
        };
        let mut first = Box::pin(slot.replace_by(work("first", true)));
        assert!((&mut first).now_or_never().is_none() && slot.is_busy());
        let second = slot.replace_by(work("second", false));
        assert!(first.now_or_never().is_some(), "the first is dropped at its await");
        assert!(second.now_or_never().is_some());
        assert!(!slot.is_busy() && !slot.stop());
        assert_eq!(*log.borrow(), ["first begins", "second begins", "second ends"]);
    }

    #[test]
    fn what_never_began_never_begins() {
        let slot = Latest::default();
        let first = slot.replace_by(async { panic!("something newer came") });
        assert!(slot.is_busy() && slot.stop() && !slot.stop());
        assert!(first.now_or_never().is_some());
    }
}
