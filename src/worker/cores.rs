//! Cores of the processor: a worker each, which `cores.js` starts.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Float64Array, Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::classifier::Device;
use crate::cpu::cores::{CoreHost, Cores, Program, Ran, Request, Team};
use crate::plan::{Folded, Part};
use crate::platform::{call, get, words};
use crate::protocol::Setting;
use crate::weights::Pending;

/// The global function of `worker.js` that starts cores.
const FUNCTION: &str = "startCores";

/// Cores that the browser names, at least 1.
pub(super) fn count() -> usize {
    let named = get(&get(&js_sys::global(), "navigator"), "hardwareConcurrency").as_f64();
    named.map_or(1, |named| named as usize).max(1)
}

/// The device of a setting: on the CPU as many cores as it has.
pub(super) fn shared(device: &Device, setting: &Setting) -> Device {
    match device {
        Device::Cpu if setting.cores > 0 => Device::Cores(Rc::new(Cores { host: host(), count: setting.cores })),
        device => device.clone(),
    }
}

pub(super) fn host() -> Rc<dyn CoreHost> {
    Rc::new(Workers)
}

/// Starts a worker per core.
#[derive(Clone, Copy, Debug, Default)]
pub struct Workers;

/// The object of `cores.js`.
struct Started {
    team: JsValue,
    /// Images of a batch.
    n: usize,
}

impl CoreHost for Workers {
    fn start<'a>(&'a self, programs: &'a [Program]) -> Pending<'a, Result<Box<dyn Team>, String>> {
        Box::pin(async move {
            let bytes: Array = programs.iter().map(|program| Uint8Array::from(&program.to_bytes()[..])).collect();
            let largest = programs.iter().map(Program::largest_exchange).max().unwrap_or_default();
            let team = call(FUNCTION, &bytes, &JsValue::from(largest as f64)).await.map_err(|error| words(&error))?;
            let n = programs.first().map_or(1, |program| program.n);
            Ok(Box::new(Started { team, n }) as Box<dyn Team>)
        })
    }
}

impl Started {
    /// Calls a method of it.
    fn call(&self, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
        get(&self.team, name).dyn_into::<Function>()?.apply(&self.team, arguments)
    }

    async fn wait(&self, name: &str, arguments: &Array) -> Result<Array, String> {
        let answers = async { JsFuture::from(Promise::resolve(&self.call(name, arguments)?)).await?.dyn_into() };
        answers.await.map_err(|error| words(&error))
    }

    /// What is read of a part: slot, place and length, for each image.
    fn places(&self, part: Part) -> impl Iterator<Item = JsValue> {
        (0..self.n).map(move |n| numbers([part.slot, n * part.image + part.first, part.len]))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // The method is there, and throws nothing.
        let _ = self.call("end", &Array::new());
    }
}

impl Team for Started {
    fn pack(&self, core: usize, action: usize, Folded { weight, bias }: Folded) {
        let arrays = [&weight, &bias].map(|values| JsValue::from(Float32Array::from(&values[..])));
        let [weight, bias] = arrays;
        let arguments = Array::of4(&(core as f64).into(), &(action as f64).into(), &weight, &bias);
        // A core that has stopped is reported when it is waited for.
        let _ = self.call("pack", &arguments);
    }

    fn ready(&self) -> Pending<'_, Result<Vec<usize>, String>> {
        Box::pin(async {
            let bytes = self.wait("ready", &Array::new()).await?;
            Ok(bytes.iter().map(|bytes| bytes.as_f64().unwrap_or_default() as usize).collect())
        })
    }

    fn run<'a>(&'a self, Request { input, reads, is_timed }: Request<'a>) -> Pending<'a, Result<Ran, String>> {
        Box::pin(async move {
            let cores = reads.first().map_or(0, |read| read.parts.len());
            let of_core = |core: usize| {
                let read = |(action, part): (usize, Option<Part>)| {
                    let places = part.into_iter().flat_map(|part| self.places(part));
                    std::iter::once(JsValue::from(action as f64)).chain(places).collect::<Array>()
                };
                reads.iter().map(|of| read((of.action, of.parts[core]))).collect::<Array>()
            };
            let (slot, values) = match input {
                Some((slot, values)) => (slot, Float32Array::from(values).into()),
                None => (0, JsValue::UNDEFINED),
            };
            let reads: Array = (0..cores).map(of_core).collect();
            let arguments = Array::of4(&(slot as f64).into(), &values, &reads, &is_timed.into());
            let answers = self.wait("run", &arguments).await?;
            Ok(Ran {
                values: answers.iter().map(|answer| values_of(&answer)).collect(),
                times: answers.iter().map(|answer| times_of(&answer)).collect(),
            })
        })
    }
}

fn numbers(numbers: [usize; 3]) -> JsValue {
    numbers.map(|number| JsValue::from(number as f64)).iter().collect::<Array>().into()
}

/// The values that a core has read, one after the other.
fn values_of(answer: &JsValue) -> Vec<f32> {
    let arrays = Array::from(&get(answer, "values"));
    arrays.iter().filter_map(|array| array.dyn_into::<Float32Array>().ok()).flat_map(|array| array.to_vec()).collect()
}

/// The times of a core's actions.
fn times_of(answer: &JsValue) -> Vec<(f64, usize)> {
    let times = get(answer, "times").dyn_into::<Float64Array>().map(|times| times.to_vec()).unwrap_or_default();
    times.as_chunks::<2>().0.iter().map(|[ms, runs]| (*ms, *runs as usize)).collect()
}
