//! PyTorch's files, which are read by a wasm of its own ([`crate::torch`]): few visitors have one, and the first download is the
//! smaller for it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::future_to_promise;

use crate::platform::{call, words};
use crate::weights::{ByteSource, Pending, TorchHeader, TorchReader, WeightError};

/// The global function of `worker.js` that fetches the other wasm, if it is not there yet, and calls it.
const FUNCTION: &str = "readTorch";

/// Reads PyTorch's files by the other wasm.
pub(super) struct AnotherWasm;

impl TorchReader for AnotherWasm {
    fn header(&self, source: Rc<dyn ByteSource>) -> Pending<'_, Result<TorchHeader, WeightError>> {
        Box::pin(async move {
            let size = source.size() as f64;
            let failed: Rc<RefCell<Option<WeightError>>> = Rc::default();
            let seen = failed.clone();
            let read = Closure::<dyn Fn(f64, f64) -> Promise>::new(move |from: f64, to: f64| {
                let (source, seen) = (source.clone(), seen.clone());
                future_to_promise(async move {
                    match source.read(from as u64..to as u64).await {
                        Ok(bytes) => Ok(Uint8Array::from(&bytes[..]).into()),
                        Err(error) => {
                            let text = JsValue::from(error.to_string());
                            *seen.borrow_mut() = Some(error);
                            Err(text)
                        }
                    }
                })
            });
            let text = call(FUNCTION, &size.into(), read.as_ref()).await;
            // The error itself, where the other wasm could only pass on its words.
            if let Some(error) = failed.take() {
                return Err(error);
            }
            let text = text.map_err(|error| {
                let why = words(&error);
                WeightError::Source(format!(
                    "What reads PyTorch's files could not be fetched ({why}). Check the connection, reload the page and open the file again"
                ))
            })?;
            TorchHeader::from_text(&text.as_string().unwrap_or_default())
        })
    }
}
