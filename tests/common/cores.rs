//! Cores without threads: all programs take turns, and what one says to another is copied.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use cardinal::classifier::Device;
use cardinal::cpu::cores::{Core, CoreHost, Cores, Program, Ran, Request, Team};
use cardinal::plan::Folded;
use cardinal::weights::Pending;

/// A device of so many cores.
pub fn device(count: usize) -> Device {
    Device::Cores(Rc::new(Cores { host: Rc::new(InTurns), count }))
}

/// Starts such cores.
pub struct InTurns;

struct Group(RefCell<Vec<(Core, Program)>>);

impl CoreHost for InTurns {
    fn start<'a>(&'a self, programs: &'a [Program]) -> Pending<'a, Result<Box<dyn Team>, String>> {
        Box::pin(async move {
            // As a message carries them.
            let programs = programs.iter().map(|program| Program::from_bytes(&program.to_bytes()));
            let cores = programs.map(|program| program.map(|program| (Core::new(program.clone()), program)));
            Ok(Box::new(Group(RefCell::new(cores.collect::<Result<_, _>>()?))) as Box<dyn Team>)
        })
    }
}

impl Team for Group {
    fn pack(&self, core: usize, action: usize, weights: Folded) {
        self.0.borrow_mut()[core].0.pack(action, &weights.weight, &weights.bias);
    }

    fn ready(&self) -> Pending<'_, Result<Vec<usize>, String>> {
        Box::pin(async { Ok(self.0.borrow().iter().map(|(core, _)| core.bytes()).collect()) })
    }

    fn run<'a>(&'a self, request: Request<'a>) -> Pending<'a, Result<Ran, String>> {
        Box::pin(async move {
            let mut cores = self.0.borrow_mut();
            let mut ran = Ran { values: vec![Vec::new(); cores.len()], times: vec![Vec::new(); cores.len()] };
            let mut at = 0;
            for (core, _) in cores.iter_mut() {
                if let Some((slot, input)) = request.input {
                    core.write(slot, 0, input);
                }
            }
            for read in request.reads {
                while request.input.is_some() && at < read.action {
                    one(&mut cores, at, &mut ran);
                    at += 1;
                }
                for (index, part) in
                    read.parts.iter().enumerate().filter_map(|(index, part)| Some((index, part.as_ref()?)))
                {
                    let (core, program) = &cores[index];
                    for n in 0..program.n {
                        ran.values[index].extend(&core.slot(part.slot)[n * part.image + part.first..][..part.len]);
                    }
                }
            }
            Ok(ran)
        })
    }
}

/// The action at place `at`, on all cores.
fn one(cores: &mut [(Core, Program)], at: usize, ran: &mut Ran) {
    if !cores[0].1.actions[at].is_exchange() {
        for (index, (core, _)) in cores.iter_mut().enumerate() {
            let start = Instant::now();
            assert_eq!(core.compute(at, at + 1), at + 1);
            ran.times[index].push((start.elapsed().as_secs_f64() * 1e3, 1));
        }
        return;
    }
    for to in 0..cores.len() {
        for from in (0..cores.len()).filter(|&from| from != to) {
            let sent: Vec<Vec<f32>> = cores[from].0.outgoing(at, to).map(<[f32]>::to_vec).collect();
            for (sent, place) in sent.iter().zip(cores[to].0.incoming(at, from)) {
                place.copy_from_slice(sent);
            }
        }
    }
    for (index, (core, _)) in cores.iter_mut().enumerate() {
        core.finish(at);
        ran.times[index].push((0.0, 0));
    }
}
