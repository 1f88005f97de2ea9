//! Performance marks on the way to the first answer, for the browser's developer tools and for tests.

use crate::platform::mark;
use crate::protocol::{Event, LoadStep, Work};

/// Which steps on the way to the first answer have been marked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    planned: bool,
    weights: bool,
    loaded: bool,
    answered: bool,
}

impl Marks {
    /// Marks the first event of each kind.
    pub(crate) fn note(&mut self, event: &Event) {
        let (first, name) = match event {
            Event::Work(Work::Building(LoadStep::Planned { .. })) => (&mut self.planned, "cardinal.planned"),
            // Weights are uploaded after the last pipeline is compiled.
            Event::Work(Work::Building(LoadStep::Weights { .. })) => (&mut self.weights, "cardinal.weights"),
            Event::Work(Work::Building(LoadStep::WarmUp)) => (&mut self.loaded, "cardinal.loaded"),
            Event::Answer(_) => (&mut self.answered, "cardinal.answered"),
            _ => return,
        };
        if !std::mem::replace(first, true) {
            mark(name);
        }
    }
}
