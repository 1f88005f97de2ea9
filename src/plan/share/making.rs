//! Shares being made, step by step of the plan.

use std::ops::Range;

use cardinal_core::{Action, Operation, Part, Program};

use super::cut::{cut, tile};
use super::piece::Piece;
use super::shares::{Held, Shares, part};
use crate::kernels::ConvLaunch;
use crate::plan::{BufferRef, Plan, Step, Task, operation};
use crate::shape::{Conv2dSpec, Nchw};

impl Shares {
    /// Shares `plan` among so many cores, of which some may have nothing to do where there are too few groups. `None` for a plan
    /// that is not shared: one with branches of its own, as in forms A and B.
    pub fn of(plan: &Plan, cores: usize) -> Option<Self> {
        Making::new(plan, cores).finish()
    }
}

/// Shares being made.
struct Making<'a> {
    plan: &'a Plan,
    cores: usize,
    shares: Shares,
}

impl<'a> Making<'a> {
    /// Nothing is shared yet.
    fn new(plan: &'a Plan, cores: usize) -> Self {
        let n = plan.graph.input_shape().n;
        let slots: Vec<usize> = plan.slot_lens().collect();
        let programs = (0..cores).map(|core| Program { n, core, slots: slots.clone(), actions: Vec::new() }).collect();
        let last = vec![Held::Whole; slots.len()];
        Self { plan, cores, shares: Shares { programs, steps: Vec::new(), last, pieces: Vec::new() } }
    }

    /// Goes through all steps. `None` where one cannot be shared.
    fn finish(mut self) -> Option<Shares> {
        for index in 0..self.plan.steps.len() {
            self.step(index)?;
        }
        for output in &self.plan.outputs {
            self.gather(output.slot, output.shape);
        }
        Some(self.shares)
    }

    fn step(&mut self, index: usize) -> Option<()> {
        let step = &self.plan.steps[index];
        self.shares.pieces.push(vec![None; self.cores]);
        let slots: Vec<usize> = step
            .buffers
            .iter()
            .filter_map(|buffer| match *buffer {
                BufferRef::Slot(slot) => Some(slot),
                BufferRef::Weight(_) => None,
            })
            .collect();
        let (&y, inputs) = slots.split_last()?;
        let (&x, other) = (inputs.first()?, inputs.get(1).copied());
        let held = match step.task {
            Task::Convolution(launch, _) => self.convolution(index, launch, (x, other, y)),
            Task::BatchNorm { shape, relu } => {
                let held = self.shares.last[x].clone();
                let operation = Operation::BatchNorm { plane: shape.h * shape.w };
                self.elementwise((operation, relu), &held, [x, y], (shape, shape), None);
                for (core, channels) in self.channels(&held, shape.c).into_iter().enumerate() {
                    self.take(index, core, Piece { rows: channels, columns: 0..1, of: 1, has_bias: true });
                }
                held
            }
            Task::Add { shape, relu } => {
                let other = other?;
                let held = match &self.shares.last[x] {
                    Held::Whole => self.shares.last[other].clone(),
                    held => held.clone(),
                };
                self.agree(other, shape, &held);
                self.elementwise((Operation::Add, relu), &held, [x, y], (shape, shape), Some(other));
                held
            }
            Task::MaxPool { pool, input, output } => {
                let held = self.shares.last[x].clone();
                let operation = Operation::MaxPool(operation::pooling(pool, input, output));
                self.elementwise((operation, false), &held, [x, y], (input, output), None);
                held
            }
            Task::GlobalAvgPool { input } => {
                let held = self.shares.last[x].clone();
                let operation = Operation::Means { plane: input.h * input.w };
                self.elementwise((operation, false), &held, [x, y], (input, Nchw { h: 1, w: 1, ..input }), None);
                held
            }
            Task::Linear { n, in_features, out_features, .. } => {
                let input = Nchw::new(n, in_features, 1, 1);
                self.gather(x, input);
                let rows = cut(out_features, 1, self.cores);
                let output = Nchw::new(n, out_features, 1, 1);
                for (core, rows) in rows.iter().enumerate() {
                    let (x, y) = (part(x, input, 0..in_features), part(y, output, rows.clone()));
                    self.compute(core, Operation::Linear, (x, None, y), false);
                    self.take(
                        index,
                        core,
                        Piece { rows: rows.clone(), columns: 0..in_features, of: in_features, has_bias: true },
                    );
                }
                Held::Parts(rows)
            }
            Task::Softmax { n, classes } => {
                let shape = Nchw::new(n, classes, 1, 1);
                self.gather(x, shape);
                self.elementwise((Operation::Softmax { classes }, false), &Held::Whole, [x, y], (shape, shape), None);
                Held::Whole
            }
            Task::Concat { .. } => return None,
        };
        self.shares.last[y] = held.clone();
        self.shares.steps.push((self.shares.programs[0].actions.len(), held));
        Some(())
    }

    fn convolution(&mut self, index: usize, launch: ConvLaunch, (x, other, y): (usize, Option<usize>, usize)) -> Held {
        let ConvLaunch { spec, input, output, epilogue, .. } = launch;
        let (cores, relu, other) = (self.cores, epilogue.relu, other.filter(|_| epilogue.residual));
        let (of, per_group) = (spec.in_channels / spec.groups, spec.out_channels / spec.groups);
        if spec.groups == 1 && spec.kernel_size == 1 && self.is_branch(index, x) {
            let Held::Parts(columns) = self.shares.last[x].clone() else { unreachable!("a branch is in parts") };
            let parts = cut(spec.out_channels, self.unit(index, y, spec.out_channels), cores);
            for (core, columns) in columns.into_iter().enumerate() {
                let operation = convolution(launch, 1, columns.len(), spec.out_channels);
                let (x, y) = (part(x, input, columns.clone()), part(y, output, 0..spec.out_channels));
                self.compute(core, operation, (x, None, y), false);
                self.take(index, core, Piece { rows: 0..spec.out_channels, columns, of, has_bias: core == 0 });
            }
            let held = Held::Parts(parts.clone());
            if let Some(other) = other {
                self.agree(other, output, &held);
            }
            let all: Vec<Part> = parts.iter().map(|channels| part(y, output, channels.clone())).collect();
            for (program, channels) in self.shares.programs.iter_mut().zip(&parts) {
                let residual = other.map(|other| part(other, output, channels.clone()));
                program.actions.push(Action::Reduce { parts: all.clone(), residual, relu });
            }
            return held;
        }
        let (reads, writes) = if spec.groups == 1 {
            self.gather(x, input);
            let rows = cut(spec.out_channels, self.unit(index, y, spec.out_channels), cores);
            (vec![0..spec.in_channels; cores], rows)
        } else {
            let groups = cut(spec.groups, 1, cores);
            let times = |by: usize| groups.iter().map(|group| group.start * by..group.end * by).collect::<Vec<_>>();
            self.agree(x, input, &Held::Parts(times(of)));
            (times(of), times(per_group))
        };
        let held = Held::Parts(writes.clone());
        if let Some(other) = other {
            self.agree(other, output, &held);
        }
        for (core, (read, rows)) in reads.into_iter().zip(writes).enumerate() {
            let groups = if spec.groups == 1 { 1 } else { rows.len() / per_group };
            let operation = convolution(launch, groups, read.len(), rows.len());
            let residual = other.map(|other| part(other, output, rows.clone()));
            self.compute(core, operation, (part(x, input, read), residual, part(y, output, rows.clone())), relu);
            self.take(index, core, Piece { rows, columns: 0..of, of, has_bias: true });
        }
        held
    }

    /// Whether the value of `slot`, which the step at `index` reads, is in the parts of several cores and has no other reader.
    fn is_branch(&self, index: usize, slot: usize) -> bool {
        let (slot, steps) = (BufferRef::Slot(slot), &self.plan.steps);
        if self.cores == 1 {
            return false;
        }
        let Some(writer) = steps[..index].iter().rposition(|step| step.buffers.last() == Some(&slot)) else {
            return false;
        };
        let reads = |step: &&Step| step.buffers.iter().rev().skip(1).any(|buffer| *buffer == slot);
        let until = steps[index + 1..].iter().take_while(|step| step.buffers.last() != Some(&slot));
        let readers = steps[writer + 1..=index].iter().chain(until).filter(reads).count();
        let BufferRef::Slot(slot) = slot else { return false };
        readers == 1 && matches!(self.shares.last[slot], Held::Parts(_))
    }

    /// Between how many channels of the output of the step at `index` no cut is made: those of a group of the convolution that reads
    /// them, which may come after a batch norm.
    fn unit(&self, index: usize, slot: usize, channels: usize) -> usize {
        let mut slot = BufferRef::Slot(slot);
        for step in &self.plan.steps[index + 1..] {
            let Some((y, inputs)) = step.buffers.split_last() else { continue };
            if inputs.contains(&slot) {
                match step.task {
                    Task::Convolution(launch, _) if launch.spec.groups > 1 => {
                        return launch.spec.in_channels / launch.spec.groups;
                    }
                    Task::BatchNorm { .. } => slot = *y,
                    _ => break,
                }
            } else if *y == slot {
                break;
            }
        }
        tile(channels)
    }

    /// The channels that each core has.
    fn channels(&self, held: &Held, channels: usize) -> Vec<Range<usize>> {
        match held {
            Held::Whole => vec![0..channels; self.cores],
            Held::Parts(parts) => parts.clone(),
        }
    }

    /// An operation that keeps channels apart, on what each core has; `shapes` are those of input and output.
    fn elementwise(
        &mut self,
        (operation, relu): (Operation, bool),
        held: &Held,
        [x, y]: [usize; 2],
        shapes: (Nchw, Nchw),
        other: Option<usize>,
    ) {
        for (core, channels) in self.channels(held, shapes.0.c).into_iter().enumerate() {
            let other = other.map(|other| part(other, shapes.0, channels.clone()));
            let (x, y) = (part(x, shapes.0, channels.clone()), part(y, shapes.1, channels));
            self.compute(core, operation, (x, other, y), relu);
        }
    }

    fn compute(&mut self, core: usize, operation: Operation, (x, other, y): (Part, Option<Part>, Part), relu: bool) {
        self.shares.programs[core].actions.push(Action::Compute { operation, x, other, relu, y });
    }

    /// The action that was added last reads this part of the weights.
    fn take(&mut self, step: usize, core: usize, piece: Piece) {
        let action = self.shares.programs[core].actions.len() - 1;
        if !piece.rows.is_empty() && !piece.columns.is_empty() {
            self.shares.pieces[step][core] = Some((action, piece));
        }
    }

    /// Sees that each core has its part of a tensor.
    fn agree(&mut self, slot: usize, shape: Nchw, wanted: &Held) {
        if self.shares.last[slot] != *wanted {
            self.gather(slot, shape);
        }
    }

    /// Sees that each core has all of a tensor.
    fn gather(&mut self, slot: usize, shape: Nchw) {
        let Held::Parts(parts) = std::mem::replace(&mut self.shares.last[slot], Held::Whole) else { return };
        if self.cores == 1 {
            return;
        }
        let parts: Vec<Part> = parts.into_iter().map(|channels| part(slot, shape, channels)).collect();
        for program in &mut self.shares.programs {
            program.actions.push(Action::Gather { parts: parts.clone() });
        }
    }
}

/// A convolution of so many groups and channels, otherwise as `launch`.
fn convolution(launch: ConvLaunch, groups: usize, in_channels: usize, out_channels: usize) -> Operation {
    let spec = Conv2dSpec { groups, in_channels, out_channels, ..launch.spec };
    operation::convolution(ConvLaunch { spec, input: Nchw { n: 1, ..launch.input }, ..launch })
}
