//! The worker that trains: a [`Race`] in a thread and a wasm of its own, with the browser as its host. It is started when training is
//! opened, so that the page and its first worker stay as lean as they are, and a trap in it costs nothing but the steps since the race
//! was kept. wasm32 only.

mod data;

use std::ops::Range;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use crate::Error;
use crate::classifier::{Device, TrainingRun};
use crate::gpu::Gpu;
use crate::image::Preprocess;
use crate::platform::{self, Message};
use crate::protocol::{Backend, RaceCommand, RaceEvent};
use crate::race::{Entry, Host, Race};
use crate::store;
use crate::train::{Network, Pictures, Recipe};
use crate::weights::Pending;
use crate::worker::{decode, listen, scope};

/// The browser as a race's host.
struct Browser {
    scope: DedicatedWorkerGlobalScope,
}

impl Host for Browser {
    type File = Blob;
    type Device = Device;
    type Racer = TrainingRun;

    fn emit(&self, event: RaceEvent) {
        Message::from(event).to_page(&self.scope);
    }

    fn emit_bytes(&self, event: RaceEvent, bytes: &[u8]) {
        Message { bytes: Some(Uint8Array::from(bytes)), ..event.into() }.to_page(&self.scope);
    }

    fn emit_file(&self, event: RaceEvent, file: &Blob) {
        Message { file: Some(file.clone()), ..event.into() }.to_page(&self.scope);
    }

    fn spawn(&self, work: Pending<'static, ()>) {
        wasm_bindgen_futures::spawn_local(work);
    }

    async fn turn(&self) {
        platform::turn().await;
    }

    async fn sleep(&self, ms: u32) {
        platform::sleep(ms as i32).await;
    }

    fn now(&self) -> f64 {
        platform::now()
    }

    fn file(&self, parts: &[Vec<u8>]) -> Result<Blob, String> {
        let parts = parts.iter().map(|part| Uint8Array::from(&part[..])).collect::<Array>();
        platform::compose(&parts, "").map_err(|error| platform::words(&error))
    }

    async fn bundled(&self) -> Result<Pictures, String> {
        data::bundled().await
    }

    async fn archive(&self, file: &Blob) -> Result<Pictures, String> {
        data::archive(file).await
    }

    async fn picture(&self, file: &Blob, part: Range<u64>, side: usize) -> Result<Vec<u8>, String> {
        let part = file.slice_with_f64_and_f64(part.start as f64, part.end as f64);
        let part = part.map_err(|error| platform::words(&error))?;
        let preprocess = Preprocess { resize: side, crop: side, ..Preprocess::cifar10() };
        Ok(decode(&part, &preprocess).await?.prepared.seen.pixels().to_vec())
    }

    async fn open(&self, backend: Backend) -> Result<Device, Error> {
        Ok(match backend {
            Backend::Cpu => Device::Cpu,
            Backend::WebGpu => Device::Gpu(Rc::new(Gpu::request().await?)),
        })
    }

    async fn begin(
        &self,
        device: &Device,
        network: Network,
        recipe: Recipe,
        pictures: Rc<Pictures>,
    ) -> Result<TrainingRun, Error> {
        TrainingRun::begin(device, network, recipe, pictures).await
    }

    async fn keep(&self, entry: Entry, parts: &[&[u8]]) -> Result<(), String> {
        store::keep(name(entry), parts).await
    }

    async fn kept(&self, entry: Entry, most: u64) -> Option<Vec<u8>> {
        store::kept(name(entry), most).await
    }

    async fn forget(&self) {
        for entry in [Entry::Race, Entry::Pictures] {
            store::forget(name(entry)).await;
        }
    }
}

fn name(entry: Entry) -> &'static str {
    match entry {
        Entry::Race => "race",
        Entry::Pictures => "race-pictures",
    }
}

/// Runs races for the page, for as long as the worker lives.
pub fn start() {
    let race = Race::new(Browser { scope: scope() });
    listen(Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = Message::<RaceCommand>::read(&event.data()) {
            race.command(message.what, message.file);
        }
    }));
}
