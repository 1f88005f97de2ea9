//! A whole network, from a file's bytes or untrained.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Device as On, Model, Progress};
use cardinal::cpu::cores::Cores;
use cardinal::model::ResNextConfig;
use cardinal::plan::PlanKind;
use cardinal::weights::{ByteSource, Pending, WeightError};
use cardinal::worker::Workers;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_time::Instant;

use crate::{Device, say};

/// A network ready to run, and the time that creating it took.
#[wasm_bindgen]
pub struct Network {
    classifier: Classifier,
    creation_ms: f64,
    first_ms: f64,
}

#[wasm_bindgen]
impl Network {
    /// The names under which [`Network::load`] knows the library's ways to compute.
    pub fn backends() -> Vec<String> {
        ["webgpu", "cpu", "cpu, 1 core", "cpu, 2 cores"].map(str::to_owned).to_vec()
    }

    /// Loads a safetensors file from the page's memory.
    ///
    /// # Errors
    ///
    /// Where no network has this name, the file does not fit it, or the device refuses it.
    pub async fn load(device: &Device, backend: &str, name: &str, file: Uint8Array) -> Result<Network, JsError> {
        let model = Model::open(name, Rc::new(Lying(file)), None).await.map_err(say)?;
        Self::from_model(device, backend, &model).await
    }

    /// Creates a network with random weights, to measure latency.
    ///
    /// # Errors
    ///
    /// Where no network has this name, or the device refuses it.
    pub async fn untrained(device: &Device, backend: &str, name: &str) -> Result<Network, JsError> {
        let model = Model::untrained(ResNextConfig::preset(name).map_err(say)?);
        Self::from_model(device, backend, &model).await
    }

    /// Runs once; returns the logits.
    ///
    /// # Errors
    ///
    /// Where `input` has another length, or the device fails.
    pub async fn run(&self, input: Vec<f32>) -> Result<Vec<f32>, JsError> {
        Ok(self.classifier.classify(&input).await.map_err(say)?.logits)
    }

    /// Number of values of the input: one picture, NCHW.
    pub fn input_len(&self) -> usize {
        self.classifier.graph().input_shape().len()
    }

    /// Milliseconds of planning, compiling and uploading, without the first run.
    pub fn creation_ms(&self) -> f64 {
        self.creation_ms
    }

    /// Milliseconds of the first run, with which loading ends.
    pub fn first_ms(&self) -> f64 {
        self.first_ms
    }

    /// Bytes of its buffers, as the library counts them.
    pub fn bytes(&self) -> usize {
        self.classifier.bytes()
    }

    async fn from_model(device: &Device, backend: &str, model: &Model) -> Result<Network, JsError> {
        let start = Instant::now();
        let warm_up = Cell::new(None);
        let progress = |progress| {
            if matches!(progress, Progress::WarmUp) {
                warm_up.set(Some(Instant::now()));
            }
        };
        let classifier = match backend {
            "webgpu" => Classifier::load(&device.gpu, model, PlanKind::Fused, progress).await,
            "cpu" => Classifier::load(On::Cpu, model, PlanKind::Fused, progress).await,
            "cpu, 1 core" => Classifier::load(on_cores(1), model, PlanKind::Fused, progress).await,
            "cpu, 2 cores" => Classifier::load(on_cores(2), model, PlanKind::Fused, progress).await,
            other => return Err(say(format!("there is no backend `{other}`"))),
        };
        let classifier = classifier.map_err(say)?;
        let ms = |from: Instant, to: Instant| (to - from).as_secs_f64() * 1e3;
        let end = Instant::now();
        let warm_up = warm_up.get().unwrap_or(end);
        Ok(Self { classifier, creation_ms: ms(start, warm_up), first_ms: ms(warm_up, end) })
    }
}

/// Workers of their own, as in the page; `cpu` is the thread that asks.
fn on_cores(count: usize) -> On {
    On::Cores(Rc::new(Cores { host: Rc::new(Workers), count }))
}

/// A file in JavaScript's memory.
struct Lying(Uint8Array);

impl ByteSource for Lying {
    fn size(&self) -> u64 {
        self.0.length().into()
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        let read = match (u32::try_from(range.start), u32::try_from(range.end)) {
            (Ok(start), Ok(end)) if end <= self.0.length() => Ok(self.0.subarray(start, end).to_vec()),
            _ => Err(WeightError::Truncated { expected: range.end, got: self.size() }),
        };
        Box::pin(std::future::ready(read))
    }
}
