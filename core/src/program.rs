//! What a core does, as data.

use cardinal_cpu::Operation;
use postcard::ser_flavors::Size;
use serde::{Deserialize, Serialize};

/// A run of neighbouring channels of a tensor `[n, c, plane]`, in every image of the batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Index into [`Program::slots`]. Channels lie where they lie in the whole tensor.
    pub slot: usize,
    /// Values per image before the run.
    pub first: usize,
    /// Values per image of the run.
    pub len: usize,
    /// Values per image of the whole tensor.
    pub image: usize,
}

/// What a core does next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Computes.
    Compute {
        /// What, of one image of the batch after the other.
        operation: Operation,
        /// What is read.
        x: Part,
        /// The other side of a sum, or the residual of a convolution.
        other: Option<Part>,
        /// Whether ReLU follows.
        relu: bool,
        /// What is written.
        y: Part,
    },
    /// Every core has a sum over its own channels for all outputs: each sends every other that core's part, and adds up its own part of
    /// all of them, in the order of the cores.
    Reduce {
        /// The part of each core.
        parts: Vec<Part>,
        /// Added to the sum: the residual, of which this is the core's own part.
        residual: Option<Part>,
        /// Whether ReLU follows.
        relu: bool,
    },
    /// Every core sends its part to all others, so that each has the whole.
    Gather {
        /// The part of each core.
        parts: Vec<Part>,
    },
}

impl Action {
    /// Whether values go to other cores and come from them.
    pub fn is_exchange(&self) -> bool {
        !matches!(self, Self::Compute { .. })
    }
}

/// All that one core does in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Images of a batch.
    pub n: usize,
    /// Which of the cores this one is.
    pub core: usize,
    /// Values per buffer of activations.
    pub slots: Vec<usize>,
    /// In their order. An exchange has the same place in the programs of all cores.
    pub actions: Vec<Action>,
}

impl Program {
    /// Values of its largest message to another core.
    pub fn largest_exchange(&self) -> usize {
        let parts = self.actions.iter().flat_map(|action| match action {
            Action::Reduce { parts, .. } | Action::Gather { parts } => &parts[..],
            Action::Compute { .. } => &[],
        });
        parts.map(|part| part.len * self.n).max().unwrap_or_default()
    }

    /// As bytes, for a message.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Its own vectors come with two versions of a crate for embedded devices.
        let len = postcard::serialize_with_flavor(self, Size::default()).unwrap_or_default();
        let mut bytes = vec![0; len];
        if let Err(error) = postcard::to_slice(self, &mut bytes) {
            unreachable!("plain data: {error}");
        }
        bytes
    }

    /// What [`Program::to_bytes`] wrote.
    ///
    /// # Errors
    /// Other bytes, in words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        postcard::from_bytes(bytes).map_err(|error| format!("no program of a core: {error}"))
    }
}
