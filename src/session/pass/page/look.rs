//! The steps for what the page shows beyond the answer. They come before the measurements, because a person waits for them.

use std::cell::RefCell;

use super::{Answered, Interrupt, Pass};
use crate::protocol::{Looks, Notice, Work};
use crate::session::host::Host;
use crate::session::state::Session;

impl<H: Host> Session<H> {
    /// What is to be shown beyond the answer. What is known already is not computed again.
    pub(in crate::session) fn look_at(&self, looks: Looks) {
        if self.looks.replace(looks.clone()) != looks {
            self.begin_pass();
        }
    }
}

impl<H: Host> Pass<H> {
    /// Computes what is to be shown and is not known yet.
    pub(super) async fn look(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let looks = self.looks.borrow().clone();
        if looks.class_activation {
            self.told(self.class_activation(answered).await)?;
        }
        self.look_inside(answered, &looks).await?;
        Ok(())
    }

    /// Does the work of a look, unless `known` is what it is for. What has failed is not tried again for the same.
    pub(super) async fn once<K: PartialEq>(
        &self,
        known: &RefCell<Option<K>>,
        what: K,
        work: impl Future<Output = Result<(), Interrupt>>,
    ) -> Result<(), Interrupt> {
        if known.borrow().as_ref() == Some(&what) {
            return Ok(());
        }
        self.next(Work::Looking).await?;
        let outcome = work.await;
        if matches!(outcome, Ok(()) | Err(Interrupt::Failed(_))) {
            *known.borrow_mut() = Some(what);
        }
        outcome
    }

    /// A look that failed is told, and stops nothing else.
    pub(super) fn told(&self, outcome: Result<(), Interrupt>) -> Result<(), Interrupt> {
        match outcome {
            Err(Interrupt::Failed(failure)) => {
                self.notice(Notice::Failed(failure.reason));
                Ok(())
            }
            outcome => outcome,
        }
    }
}
