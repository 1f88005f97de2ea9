//! The reader of PyTorch's files as a wasm of its own, which the worker fetches when there is such a file. wasm32 only.
//!
//! The two share no memory: the worker hands over a function that gives bytes of the file, and gets what was read as text.

use std::ops::Range;

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::platform::{set, words};
use crate::weights::{ByteSource, Pending, TorchHeader, WeightError};

/// The name of the global function that this wasm sets. It takes the file's size in bytes and a function from a range of bytes (from,
/// to) to a promise of them; its promise gives [`TorchHeader::to_text`].
const FUNCTION: &str = "cardinalTorch";

/// Sets the function, for as long as the worker lives.
pub fn start() {
    let read = Closure::<dyn Fn(f64, Function) -> Promise>::new(|size: f64, read| {
        let source = Elsewhere { size: size as u64, read };
        future_to_promise(async move { Ok(TorchHeader::to_text(&TorchHeader::read(&source).await).into()) })
    });
    set(&js_sys::global(), FUNCTION, read.as_ref());
    read.forget();
}

/// A file whose bytes the worker has.
struct Elsewhere {
    size: u64,
    read: Function,
}

impl Elsewhere {
    async fn bytes(&self, range: Range<u64>) -> Result<Vec<u8>, JsValue> {
        let (from, to) = (range.start as f64, range.end as f64);
        let promise: Promise = self.read.call2(&JsValue::UNDEFINED, &from.into(), &to.into())?.unchecked_into();
        Ok(JsFuture::from(promise).await?.unchecked_into::<Uint8Array>().to_vec())
    }
}

impl ByteSource for Elsewhere {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        Box::pin(async move { self.bytes(range).await.map_err(|error| WeightError::Source(words(&error))) })
    }
}
