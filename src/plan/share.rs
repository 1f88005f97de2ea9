//! A network shared among processor cores. A ResNeXt block *is* a split into branches and a sum: each core computes its share of
//! the groups, which are its rows of the first 1×1, its groups of the 3×3 and its columns of the last 1×1 (form B of the paper), and from
//! the block's input to the sums no core waits for another. Then each adds up its part of the channels, with the shortcut and ReLU, and all
//! get all parts. Stem, shortcut and classifier are shared by output channels. Where there is one group, the 3×3 is shared by output channels
//! too, and waits for the others twice.

use std::ops::Range;

use cardinal_core::{Action, Op, Part, Program};

use super::{BufferRef, Folded, Output, Plan, Step, Task};
use crate::kernels::ConvLaunch;
use crate::shape::Nchw;

/// Channels are cut at multiples of this, where there are no groups to cut between: convolutions compute as many at a time.
const TILE: usize = 4;

/// A plan, shared among cores.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// What each core does.
    pub programs: Vec<Program>,
    /// By step of the plan: where it ends, and where its output then is.
    steps: Vec<(usize, Held)>,
    /// By buffer: where it is at the end of a run.
    last: Vec<Held>,
    /// By step of the plan, and by core: the part of the weights that the core has, and the action that reads it.
    pieces: Vec<Vec<Option<(usize, Piece)>>>,
}

/// Where a tensor is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    /// Every core has all of it.
    Whole,
    /// Every core has these channels.
    Parts(Vec<Range<usize>>),
}

/// A part of a layer's weights: rows are output channels, columns input channels of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    rows: Range<usize>,
    columns: Range<usize>,
    /// Input channels of a group, in the whole weight.
    of: usize,
    /// One core alone adds the bias to a sum.
    has_bias: bool,
}

/// The channels of a grouped convolution that each core computes: whole groups, or where there is one group any channels.
pub fn branches(channels: usize, groups: usize, cores: usize) -> Vec<Range<usize>> {
    cut(channels, if groups > 1 { channels / groups } else { tile(channels) }, cores)
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
    /// Shares `plan` among so many cores, of which some may have nothing to do where there are too few groups. `None` for a plan
    /// that is not shared: one with branches of its own, as in forms A and B.
    pub fn of(plan: &Plan, cores: usize) -> Option<Self> {
        let n = plan.graph.input_shape().n;
        let slots: Vec<usize> = plan.slot_lens().collect();
        let programs = (0..cores).map(|core| Program { n, core, slots: slots.clone(), actions: Vec::new() }).collect();
        let last = vec![Held::Whole; slots.len()];
        let shares = Self { programs, steps: Vec::new(), last, pieces: Vec::new() };
        let mut sharing = Sharing { plan, cores, shares };
        for index in 0..plan.steps.len() {
            sharing.step(index)?;
        }
        for output in &plan.outputs {
            sharing.gather(output.slot, output.shape);
        }
        Some(sharing.shares)
    }

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

impl Piece {
    fn of(&self, Folded { weight, bias }: &Folded) -> Folded {
        let row = weight.len() / bias.len();
        let column = row / self.of;
        let columns = self.columns.start * column..self.columns.end * column;
        let rows = weight[self.rows.start * row..self.rows.end * row].chunks_exact(row);
        let bias = if self.has_bias { bias[self.rows.clone()].to_vec() } else { vec![0.0; self.rows.len()] };
        Folded { weight: rows.flat_map(|row| &row[columns.clone()]).copied().collect(), bias }
    }
}

/// Between how many channels no cut is made where there are no groups.
fn tile(channels: usize) -> usize {
    if channels.is_multiple_of(TILE) { TILE } else { 1 }
}

/// The channels of each core, if these are cut between units of so many.
fn cut(channels: usize, unit: usize, cores: usize) -> Vec<Range<usize>> {
    let units = channels / unit;
    // Where there are fewer units than cores, the first cores have one each.
    let bound = |core: usize| (units * core).div_ceil(cores) * unit;
    (0..cores).map(|core| bound(core)..if core + 1 == cores { channels } else { bound(core + 1) }).collect()
}

fn part(slot: usize, Nchw { c, h, w, .. }: Nchw, channels: Range<usize>) -> Part {
    Part { slot, first: channels.start * h * w, len: channels.len() * h * w, image: c * h * w }
}

/// Shares being made.
struct Sharing<'a> {
    plan: &'a Plan,
    cores: usize,
    shares: Shares,
}

impl Sharing<'_> {
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
                let op = Op::BatchNorm { plane: shape.h * shape.w };
                self.elementwise((op, relu), &held, [x, y], (shape, shape), None);
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
                self.elementwise((Op::Add, relu), &held, [x, y], (shape, shape), Some(other));
                held
            }
            Task::MaxPool { pool, input, output } => {
                let held = self.shares.last[x].clone();
                let (kernel_size, stride, padding) = (pool.kernel_size, pool.stride, pool.padding);
                let op = Op::MaxPool {
                    input: [input.h, input.w],
                    output: [output.h, output.w],
                    kernel_size,
                    stride,
                    padding,
                };
                self.elementwise((op, false), &held, [x, y], (input, output), None);
                held
            }
            Task::GlobalAvgPool { input } => {
                let held = self.shares.last[x].clone();
                let op = Op::Means { plane: input.h * input.w };
                self.elementwise((op, false), &held, [x, y], (input, Nchw { h: 1, w: 1, ..input }), None);
                held
            }
            Task::Linear { n, in_features, out_features, .. } => {
                let input = Nchw::new(n, in_features, 1, 1);
                self.gather(x, input);
                let rows = cut(out_features, 1, self.cores);
                let output = Nchw::new(n, out_features, 1, 1);
                for (core, rows) in rows.iter().enumerate() {
                    let (x, y) = (part(x, input, 0..in_features), part(y, output, rows.clone()));
                    self.compute(core, Op::Linear, (x, None, y), false);
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
                self.elementwise((Op::Softmax, false), &Held::Whole, [x, y], (shape, shape), None);
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
                let op = convolution(launch, 1, columns.len(), spec.out_channels);
                let (x, y) = (part(x, input, columns.clone()), part(y, output, 0..spec.out_channels));
                self.compute(core, op, (x, None, y), false);
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
            let op = convolution(launch, groups, read.len(), rows.len());
            let residual = other.map(|other| part(other, output, rows.clone()));
            self.compute(core, op, (part(x, input, read), residual, part(y, output, rows.clone())), relu);
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
        (op, relu): (Op, bool),
        held: &Held,
        [x, y]: [usize; 2],
        shapes: (Nchw, Nchw),
        other: Option<usize>,
    ) {
        for (core, channels) in self.channels(held, shapes.0.c).into_iter().enumerate() {
            let other = other.map(|other| part(other, shapes.0, channels.clone()));
            let (x, y) = (part(x, shapes.0, channels.clone()), part(y, shapes.1, channels));
            self.compute(core, op, (x, other, y), relu);
        }
    }

    fn compute(&mut self, core: usize, op: Op, (x, other, y): (Part, Option<Part>, Part), relu: bool) {
        self.shares.programs[core].actions.push(Action::Compute { op, x, other, relu, y });
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
fn convolution(
    ConvLaunch { spec, input, output, .. }: ConvLaunch,
    groups: usize,
    in_channels: usize,
    out_channels: usize,
) -> Op {
    if spec.kernel_size == 1 && spec.stride == 1 && spec.padding == 0 && groups == 1 {
        return Op::Pointwise { in_channels, out_channels, pixels: input.h * input.w };
    }
    let (kernel_size, stride, padding) = (spec.kernel_size, spec.stride, spec.padding);
    let (input, output) = ([input.h, input.w], [output.h, output.w]);
    Op::Window { groups, in_channels, out_channels, input, output, kernel_size, stride, padding }
}
