//! What came of sharing a plan, and how its tensors are read.

use std::ops::Range;

use cardinal_core::{Part, Program};

use super::piece::Piece;
use crate::plan::{Folded, Output};
use crate::shape::Nchw;

/// A plan, shared among cores.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// What each core does.
    pub programs: Vec<Program>,
    /// By step of the plan: where it ends, and where its output then is.
    pub(super) steps: Vec<(usize, Held)>,
    /// By buffer: where it is at the end of a run.
    pub(super) last: Vec<Held>,
    /// By step of the plan, and by core: the part of the weights that the core has, and the action that reads it.
    pub(super) pieces: Vec<Vec<Option<(usize, Piece)>>>,
}

/// Where a tensor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Every core has all of it.
    Whole,
    /// Every core has these channels.
    Parts(Vec<Range<usize>>),
}

/// What of a tensor a core sends to be read: `values` of each image, from the place `first` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Place in [`Program::actions`] after which it is there.
    pub action: usize,
    /// By core: the part that it sends, of which there is none where another core has it too.
    pub parts: Vec<Option<Part>>,
}

impl Shares {
    /// Cores that it is shared among.
    pub fn cores(&self) -> usize {
        self.programs.len()
    }

    /// The parts of the folded weights of the plan's step at `step`, and the action that reads them, by core.
    pub fn weights(&self, step: usize, folded: &Folded) -> Vec<Option<(usize, Folded)>> {
        let cut = |(action, piece): &(usize, Piece)| (*action, piece.of(folded));
        self.pieces[step].iter().map(|piece| piece.as_ref().map(cut)).collect()
    }

    /// How the output of the step at place `step` of the plan is read: `output` names it.
    pub fn read(&self, step: usize, output: &Output) -> Read {
        let (action, held) = &self.steps[step];
        self.read_held(*action, held, output)
    }

    /// How an output of the plan is read at the end.
    pub fn read_last(&self, output: &Output) -> Read {
        let end = self.programs.first().map_or(0, |program| program.actions.len());
        self.read_held(end, &self.last[output.slot], output)
    }

    /// Places of the actions of a step of the plan.
    pub fn actions(&self, step: usize) -> Range<usize> {
        let first = step.checked_sub(1).map_or(0, |before| self.steps[before].0);
        first..self.steps[step].0
    }

    fn read_held(&self, action: usize, held: &Held, output: &Output) -> Read {
        let parts = (0..self.cores()).map(|core| match held {
            Held::Whole => (core == 0).then(|| part(output.slot, output.shape, 0..output.shape.c)),
            Held::Parts(ranges) => {
                Some(part(output.slot, output.shape, ranges[core].clone())).filter(|part| part.len > 0)
            }
        });
        Read { action, parts: parts.collect() }
    }
}

/// These channels of a tensor.
pub(super) fn part(slot: usize, Nchw { c, h, w, .. }: Nchw, channels: Range<usize>) -> Part {
    Part { slot, first: channels.start * h * w, len: channels.len() * h * w, image: c * h * w }
}
