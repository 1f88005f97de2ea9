//! A worker and the two listeners on it: one for its events, one for its end.

use std::marker::PhantomData;

use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::platform::{Message, get, words};

/// The globals in which the page's first script has the names of the workers' files, the script of each first.
pub(crate) const ANSWERS: &str = "cardinalWorkerFiles";
pub(crate) const TRAINS: &str = "cardinalTrainerFiles";
/// The global with those of the reader of PyTorch's files.
pub(crate) const READS_TORCH: &str = "cardinalTorchFiles";
/// The global with those of what shares a network among cores of the processor.
pub(crate) const SHARES: &str = "cardinalCoreFiles";
/// The globals in which the page's first script leaves the worker that it has started, or why there is none.
const STARTED: &str = "cardinalWorker";
const NOT_STARTED: &str = "cardinalWorkerError";
/// The first part of the message that a panic in the worker sends; the second is its text.
const DIED: &str = "died";

/// The worker that the page's first script has started, before the page's own code had arrived.
///
/// # Errors
/// Why there is none, in words.
pub(crate) fn started() -> Result<Worker, String> {
    let window = js_sys::global();
    get(&window, STARTED).dyn_into().map_err(|_| words(&get(&window, NOT_STARTED)))
}

/// Whether this thread, the page's, has WebGPU.
pub(crate) fn has_webgpu() -> bool {
    get(&get(&js_sys::global(), "navigator"), "gpu").is_object()
}

/// Starts a worker, by the global with the names of its files.
///
/// # Errors
/// Why the browser does not start it, in words.
pub(crate) fn start(which: &str) -> Result<Worker, String> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let script = files(which).into_iter().next().unwrap_or_default();
    Worker::new_with_options(&script, &options).map_err(|error| words(&error))
}

/// The paths of a worker's files, relative to the page.
pub(crate) fn files(which: &str) -> Vec<String> {
    let files: Array = get(&js_sys::global(), which).dyn_into().unwrap_or_default();
    files.iter().filter_map(|name| name.as_string()).collect()
}

/// A connection to a worker that takes commands `C`. Dropped, it ends the worker.
pub(crate) struct Connection<C> {
    worker: Worker,
    _commands: PhantomData<C>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(JsValue)>,
}

impl<C: Serialize> Connection<C> {
    /// Listens to a worker: `receive` is called with every event, `died` with the reason when the worker has stopped.
    pub(crate) fn new<E: DeserializeOwned>(
        worker: Worker,
        receive: impl Fn(Message<E>) + 'static,
        died: impl Fn(String) + Clone + 'static,
    ) -> Self {
        let panicked = died.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(message) = Message::read(&data) {
                receive(message);
            } else if let Some(reason) = panic_text(&data) {
                panicked(reason);
            }
        });
        // A trap, too little memory, or a script that does not load.
        let on_error = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| died(words(&event)));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self { worker, _commands: PhantomData, _on_message: on_message, _on_error: on_error }
    }

    pub(crate) fn send(&self, message: &Message<C>) {
        message.to_worker(&self.worker);
    }
}

impl<C> Drop for Connection<C> {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// The text of a panic; `None` for other messages.
fn panic_text(data: &JsValue) -> Option<String> {
    let parts: &Array = data.dyn_ref()?;
    (parts.get(0).as_string()? == DIED).then(|| parts.get(1).as_string().unwrap_or_default())
}
