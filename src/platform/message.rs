//! Messages between the page and its worker: a command or an event as JSON, and beside it a file, a buffer or a frame.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope, ImageBitmap, Worker};

/// A command or an event with what the message carries beside it.
#[derive(Clone, Debug)]
pub struct Message<T> {
    /// The command or the event.
    pub what: T,
    /// A buffer. It is transferred, not copied: the sender cannot use it any more.
    pub bytes: Option<Uint8Array>,
    /// A handle of a file; its bytes stay where they are.
    pub file: Option<Blob>,
    /// Pixels. They are transferred too.
    pub frame: Option<ImageBitmap>,
}

impl<T> From<T> for Message<T> {
    fn from(what: T) -> Self {
        Self { what, bytes: None, file: None, frame: None }
    }
}

impl<T: Serialize> Message<T> {
    /// Sends it to a worker. A worker that has ended does not receive it.
    pub fn to_worker(&self, worker: &Worker) {
        let (message, transfer) = self.parts();
        let _ = worker.post_message_with_transfer(&message, &transfer);
    }

    /// Sends it from a worker to its page.
    pub fn to_page(&self, worker: &DedicatedWorkerGlobalScope) {
        let (message, transfer) = self.parts();
        let _ = worker.post_message_with_transfer(&message, &transfer);
    }

    fn parts(&self) -> (JsValue, JsValue) {
        let json = serde_json::to_string(&self.what).unwrap_or_else(|error| unreachable!("plain data: {error}"));
        let bytes = self.bytes.as_ref().map_or(JsValue::NULL, JsValue::from);
        let file = self.file.as_ref().map_or(JsValue::NULL, JsValue::from);
        let frame = self.frame.as_ref().map_or(JsValue::NULL, JsValue::from);
        let transfer = self.bytes.iter().map(|bytes| JsValue::from(bytes.buffer())).collect::<Array>();
        if self.frame.is_some() {
            transfer.push(&frame);
        }
        (Array::of4(&json.into(), &bytes, &file, &frame).into(), transfer.into())
    }
}

impl<T: DeserializeOwned> Message<T> {
    /// Reads the data of a message event; `None` where it is no such message.
    pub fn read(data: &JsValue) -> Option<Self> {
        let parts: &Array = data.dyn_ref()?;
        let what = serde_json::from_str(&parts.get(0).as_string()?).ok()?;
        let (bytes, file, frame) = (parts.get(1), parts.get(2), parts.get(3));
        Some(Self { what, bytes: bytes.dyn_into().ok(), file: file.dyn_into().ok(), frame: frame.dyn_into().ok() })
    }
}
