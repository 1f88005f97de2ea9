//! Natively, cores are threads. Values go from one to another in vectors that are sent back and forth, so that a run allocates nothing.

use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvError, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};

use cardinal_core::{Core, Program};

use super::host::{CoreHost, Ran, Request, Team};
use crate::cpu::clock::time;
use crate::plan::{Folded, Part};
use crate::weights::Pending;

/// How often a core looks for what another sends before it sleeps: they take about equally long, and waking takes longer than that.
const LOOKS: usize = 2_000;

/// Starts a thread per core.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threads;

/// What a core is told.
enum Order {
    Pack(usize, Folded),
    Ready,
    Run { input: Option<(usize, Arc<[f32]>)>, reads: Vec<(usize, Option<Part>)>, is_timed: bool },
}

/// What it answers.
enum Answer {
    Bytes(usize),
    Ran { values: Vec<f32>, times: Vec<(f64, usize)> },
}

struct Thread {
    orders: Option<Sender<Order>>,
    answers: Receiver<Answer>,
    handle: Option<JoinHandle<()>>,
}

struct Started(Vec<Thread>);

impl CoreHost for Threads {
    fn start<'a>(&'a self, programs: &'a [Program]) -> Pending<'a, Result<Box<dyn Team>, String>> {
        Box::pin(async move {
            let mut ways: Vec<Vec<Option<Way>>> = programs.iter().map(|_| Vec::new()).collect();
            for a in 0..programs.len() {
                for b in 0..programs.len() {
                    // Both ends of each way, made once.
                    if a == b {
                        ways[a].push(None);
                    } else if a < b {
                        let ((there, comes), (back, goes)) = (channel(), channel());
                        ways[a].push(Some(Way { send: there, receive: goes, spare: Vec::new() }));
                        ways[b].push(Some(Way { send: back, receive: comes, spare: Vec::new() }));
                    }
                }
            }
            let start = |(program, ways): (&Program, Vec<Option<Way>>)| {
                let ((orders, heard), (answer, answers)) = (channel(), channel());
                let program = program.clone();
                let handle = thread::Builder::new().name(format!("core {}", program.core + 1)).spawn(move || {
                    let core = Core::new(program.clone());
                    // The others have ended, and with them the network.
                    let _ = Worker { core, program, ways }.work(&heard, &answer);
                });
                let handle = Some(handle.map_err(|error| error.to_string())?);
                Ok(Thread { orders: Some(orders), answers, handle })
            };
            let threads = programs.iter().zip(ways).map(start).collect::<Result<_, String>>()?;
            Ok(Box::new(Started(threads)) as Box<dyn Team>)
        })
    }
}

impl Started {
    /// Gives each core its order, and waits for all answers.
    fn ask(&self, order: impl Fn(usize) -> Order) -> Result<Vec<Answer>, String> {
        let stopped = || "a thread has stopped".to_owned();
        for (core, Thread { orders, .. }) in self.0.iter().enumerate() {
            orders.as_ref().and_then(|orders| orders.send(order(core)).ok()).ok_or_else(stopped)?;
        }
        self.0.iter().map(|thread| thread.answers.recv().map_err(|_| stopped())).collect()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Without orders they end.
        for thread in &mut self.0 {
            thread.orders = None;
        }
        for thread in &mut self.0 {
            // One that has panicked has said so.
            let _ = thread.handle.take().map(JoinHandle::join);
        }
    }
}

impl Team for Started {
    fn pack(&self, core: usize, action: usize, weights: Folded) {
        // A thread that has stopped is reported when it is waited for.
        let _ = self.0[core].orders.as_ref().map(|orders| orders.send(Order::Pack(action, weights)));
    }

    fn ready(&self) -> Pending<'_, Result<Vec<usize>, String>> {
        Box::pin(async {
            let bytes = |answer| if let Answer::Bytes(bytes) = answer { bytes } else { 0 };
            Ok(self.ask(|_| Order::Ready)?.into_iter().map(bytes).collect())
        })
    }

    fn run<'a>(&'a self, Request { input, reads, is_timed }: Request<'a>) -> Pending<'a, Result<Ran, String>> {
        Box::pin(async move {
            let input: Option<(usize, Arc<[f32]>)> = input.map(|(slot, values)| (slot, values.into()));
            let order = |core: usize| {
                let reads = reads.iter().map(|read| (read.action, read.parts[core])).collect();
                Order::Run { input: input.clone(), reads, is_timed }
            };
            let mut ran = Ran::default();
            for answer in self.ask(order)? {
                if let Answer::Ran { values, times } = answer {
                    ran.values.push(values);
                    ran.times.push(times);
                }
            }
            Ok(ran)
        })
    }
}

/// The way to another core and back.
struct Way {
    send: Sender<Vec<f32>>,
    receive: Receiver<Vec<f32>>,
    /// What has come, and can be sent again.
    spare: Vec<Vec<f32>>,
}

/// A core in its thread.
struct Worker {
    core: Core,
    program: Program,
    /// To the others; none to itself.
    ways: Vec<Option<Way>>,
}

/// The other end of a way, or the network, is gone.
struct Gone;

impl From<RecvError> for Gone {
    fn from(_: RecvError) -> Self {
        Self
    }
}

impl Worker {
    fn work(mut self, orders: &Receiver<Order>, answers: &Sender<Answer>) -> Result<(), Gone> {
        loop {
            let answer = match orders.recv()? {
                Order::Pack(action, Folded { weight, bias }) => {
                    self.core.pack(action, weight, bias);
                    continue;
                }
                Order::Ready => Answer::Bytes(self.core.bytes()),
                Order::Run { input, reads, is_timed } => self.run(input, &reads, is_timed)?,
            };
            answers.send(answer).map_err(|_| Gone)?;
        }
    }

    fn run(
        &mut self,
        input: Option<(usize, Arc<[f32]>)>,
        reads: &[(usize, Option<Part>)],
        is_timed: bool,
    ) -> Result<Answer, Gone> {
        if let Some((slot, values)) = &input {
            self.core.write(*slot, 0, values);
        }
        let (mut values, mut times, mut at) = (Vec::new(), Vec::new(), 0);
        for &(end, part) in reads {
            while input.is_some() && at < end {
                if self.core.is_exchange(at) {
                    self.exchange(at)?;
                    times.push((0.0, 0));
                    at += 1;
                } else if is_timed {
                    times.push(time(|| {
                        self.core.compute(at, at + 1);
                    }));
                    at += 1;
                } else {
                    at = self.core.compute(at, end);
                }
            }
            for n in 0..part.map_or(0, |_| self.program.n) {
                let part = part.unwrap_or_default();
                values.extend_from_slice(&self.core.slot(part.slot)[n * part.image + part.first..][..part.len]);
            }
        }
        Ok(Answer::Ran { values, times })
    }

    fn exchange(&mut self, action: usize) -> Result<(), Gone> {
        let Self { core, ways, .. } = self;
        for (to, way) in ways.iter_mut().enumerate().filter_map(|(to, way)| Some((to, way.as_mut()?))) {
            let mut values = way.spare.pop().unwrap_or_default();
            values.clear();
            core.outgoing(action, to).for_each(|part| values.extend_from_slice(part));
            way.send.send(values).map_err(|_| Gone)?;
        }
        // In their order: sums are the same each time.
        for (from, way) in ways.iter_mut().enumerate().filter_map(|(from, way)| Some((from, way.as_mut()?))) {
            let values = way.wait()?;
            let mut rest = &values[..];
            for part in core.incoming(action, from) {
                let (come, others) = rest.split_at(part.len());
                part.copy_from_slice(come);
                rest = others;
            }
            way.spare.push(values);
        }
        core.finish(action);
        Ok(())
    }
}

impl Way {
    /// What comes next.
    fn wait(&self) -> Result<Vec<f32>, Gone> {
        for _ in 0..LOOKS {
            match self.receive.try_recv() {
                Ok(values) => return Ok(values),
                Err(TryRecvError::Empty) => spin_loop(),
                Err(TryRecvError::Disconnected) => return Err(Gone),
            }
        }
        Ok(self.receive.recv()?)
    }
}
