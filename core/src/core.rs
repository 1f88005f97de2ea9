//! Executes a program.

use cardinal_cpu::{Epilogue, Packed, Scratch};

use crate::program::{Action, Part, Program};

/// One core: its part of the weights, its activations, and what the others have sent.
pub struct Core {
    program: Program,
    slots: Vec<Vec<f32>>,
    /// By place in [`Program::actions`].
    weights: Vec<Option<Packed>>,
    /// By core: its sums for the exchange under way.
    sums: Vec<Vec<f32>>,
    scratch: Scratch,
}

impl Core {
    /// Allocates the activations.
    pub fn new(program: Program) -> Self {
        let slots = program.slots.iter().map(|&len| vec![0.0; len]).collect();
        let weights = program.actions.iter().map(|_| None).collect();
        Self { program, slots, weights, sums: Vec::new(), scratch: Scratch::default() }
    }

    /// Takes the weights of the action at place `action`, the core's part of them, as
    /// [`Operation::pack`](cardinal_cpu::Operation::pack) does.
    ///
    /// # Panics
    /// If there is no such action, or it takes no weights of this size.
    pub fn pack(&mut self, action: usize, weight: Vec<f32>, bias: Vec<f32>) {
        let Action::Compute { operation, .. } = self.program.actions[action] else { return };
        self.weights[action] = Some(operation.pack(self.scratch.instructions(), weight, bias));
    }

    /// Bytes of weights and activations.
    pub fn bytes(&self) -> usize {
        let slots: usize = self.slots.iter().map(|slot| size_of_val(&slot[..])).sum();
        self.weights.iter().flatten().map(Packed::bytes).sum::<usize>() + slots
    }

    /// Activations `at..at + values.len()` of a slot.
    pub fn write(&mut self, slot: usize, at: usize, values: &[f32]) {
        self.slots[slot][at..at + values.len()].copy_from_slice(values);
    }

    /// The activations of a slot.
    pub fn slot(&self, slot: usize) -> &[f32] {
        &self.slots[slot]
    }

    /// Computes from the action at place `first` on until an exchange is next, or until place `end`. Gives the place that it has come to.
    pub fn compute(&mut self, first: usize, end: usize) -> usize {
        let exchange = self.program.actions[first..end].iter().position(Action::is_exchange);
        let end = exchange.map_or(end, |exchange| first + exchange);
        for action in first..end {
            self.execute(action);
        }
        end
    }

    fn execute(&mut self, action: usize) {
        let Action::Compute { operation, x, other, relu, y } = self.program.actions[action] else { return };
        // Taken away from the rest: no operation reads the buffer that it writes.
        let mut output = std::mem::take(&mut self.slots[y.slot]);
        for n in 0..self.program.n {
            let part = |part: Part| &self.slots[part.slot][n * part.image + part.first..][..part.len];
            let (x, residual) = (part(x), other.map(part));
            let y = &mut output[n * y.image + y.first..][..y.len];
            match (x.is_empty(), y.is_empty()) {
                // A core without a share of the groups has nothing to do here,
                (_, true) => {}
                // or nothing to add to a sum.
                (true, false) => y.fill(0.0),
                _ => {
                    let (weights, epilogue) = (self.weights[action].as_ref(), Epilogue { residual, relu });
                    operation.run(weights, x, epilogue, &mut self.scratch, y);
                }
            }
        }
        self.slots[y.slot] = output;
    }

    /// Whether the action at place `action` is an exchange.
    pub fn is_exchange(&self, action: usize) -> bool {
        self.program.actions[action].is_exchange()
    }

    /// What the core `to` gets at the exchange at place `action`, image by image.
    pub fn outgoing(&self, action: usize, to: usize) -> impl Iterator<Item = &[f32]> {
        let part = match &self.program.actions[action] {
            Action::Reduce { parts, .. } => parts[to],
            Action::Gather { parts } => parts[self.program.core],
            Action::Compute { .. } => Part::default(),
        };
        (0..self.program.n).map(move |n| &self.slots[part.slot][n * part.image + part.first..][..part.len])
    }

    /// Where what the core `from` has sent goes at the exchange at place `action`, image by image.
    pub fn incoming(&mut self, action: usize, from: usize) -> impl Iterator<Item = &mut [f32]> {
        let Program { n, core, ref actions, .. } = self.program;
        let empty: &mut [f32] = &mut [];
        let (values, part) = match &actions[action] {
            Action::Reduce { parts, .. } => {
                if self.sums.len() <= from {
                    self.sums.resize(from + 1, Vec::new());
                }
                let len = parts[core].len;
                self.sums[from].resize(n * len, 0.0);
                (&mut self.sums[from][..], Part { slot: 0, first: 0, len, image: len })
            }
            Action::Gather { parts } => (&mut self.slots[parts[from].slot][..], parts[from]),
            Action::Compute { .. } => (empty, Part::default()),
        };
        // An empty part has no images either.
        values.chunks_mut(part.image.max(1)).take(n).map(move |image| &mut image[part.first..part.first + part.len])
    }

    /// Ends the exchange at place `action`, for which all others' values have come in.
    pub fn finish(&mut self, action: usize) {
        let Program { n, core, ref actions, .. } = self.program;
        let Action::Reduce { parts, residual, relu } = &actions[action] else { return };
        let (part, cores) = (parts[core], parts.len());
        let mut output = std::mem::take(&mut self.slots[part.slot]);
        for n in 0..n {
            let y = &mut output[n * part.image + part.first..][..part.len];
            let residual = residual.map(|part| &self.slots[part.slot][n * part.image + part.first..][..part.len]);
            for start in (0..part.len).step_by(BLOCK) {
                let here = start..part.len.min(start + BLOCK);
                let y = &mut y[here.clone()];
                let mut sum = y.to_vec();
                let own = sum.clone();
                let of = |from: usize| match from == core {
                    true => &own[..],
                    false => &self.sums[from][n * part.len..][here.clone()],
                };
                sum.copy_from_slice(of(0));
                let last = residual.map(|residual| &residual[here.clone()]);
                let terms = cores - 1 + usize::from(last.is_some());
                for (index, term) in (1..cores).map(of).chain(last).enumerate() {
                    cardinal_cpu::add(&sum, term, *relu && index + 1 == terms, y);
                    sum.copy_from_slice(y);
                }
            }
        }
        self.slots[part.slot] = output;
    }
}

/// Values that are summed at a time, so that they stay in the first-level cache.
const BLOCK: usize = 1024;
