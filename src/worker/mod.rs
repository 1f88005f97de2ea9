//! The worker: a [`Session`] in a thread of its own, with the browser as its host. wasm32 only.

#[cfg(feature = "page")]
mod cores;
mod engines;
mod files;
#[cfg(not(feature = "page"))]
mod package;
#[cfg(feature = "page")]
mod page;
mod picture;
mod torch;

use std::cell::RefCell;
use std::panic::PanicHookInfo;

use futures_channel::oneshot::{self, Receiver};
use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use crate::gpu::{Gpu, GpuError};
use crate::platform::{self, Message};
use crate::protocol::Event;
use crate::session::{Host, Session};
use crate::weights::Pending;
use picture::CloseOnDrop;

#[cfg(feature = "page")]
pub use cores::Workers;
#[cfg(not(feature = "page"))]
pub use package::start;
#[cfg(feature = "page")]
pub use page::start;
#[cfg(feature = "page")]
pub(crate) use picture::{decode, pixels};

/// The browser as a session's host.
struct Browser {
    scope: DedicatedWorkerGlobalScope,
    /// The GPU that was requested when the worker began, before the session asks for it.
    first_gpu: RefCell<Option<Receiver<Result<Gpu, GpuError>>>>,
}

impl Browser {
    fn new() -> Self {
        let (sender, receiver) = oneshot::channel();
        wasm_bindgen_futures::spawn_local(async move {
            // It fails where the worker ends first.
            let _ = sender.send(Gpu::request().await);
        });
        Self { scope: scope(), first_gpu: RefCell::new(Some(receiver)) }
    }

    async fn gpu(&self) -> Result<Gpu, GpuError> {
        let first = self.first_gpu.take();
        match first {
            Some(first) => first.await.unwrap_or(Err(GpuError::NoAdapter)),
            None => Gpu::request().await,
        }
    }
}

impl Host for Browser {
    fn emit(&self, event: Event) {
        self.tell(event.into());
    }

    fn emit_bytes(&self, event: Event, bytes: &[u8]) {
        self.tell(Message { bytes: Some(Uint8Array::from(bytes)), ..event.into() });
    }

    fn emit_file(&self, event: Event, file: &Blob, bytes: &[u8]) {
        let bytes = Some(Uint8Array::from(bytes));
        self.tell(Message { bytes, file: Some(file.clone()), ..event.into() });
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
}

/// Runs a session that does what the page's messages ask, for as long as the worker lives.
fn run<T: DeserializeOwned + 'static>(obey: fn(&Session<Browser>, T, Option<Blob>, Option<CloseOnDrop>)) {
    let session = Session::new(Browser::new());
    listen(Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = Message::<T>::read(&event.data()) {
            obey(&session, message.what, message.file, message.frame.map(CloseOnDrop));
        }
    }));
}

/// Hears the page's messages, for as long as the worker lives. From now on a panic is reported to the page.
pub(crate) fn listen(heard: Closure<dyn Fn(MessageEvent)>) {
    std::panic::set_hook(Box::new(report_panic));
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

/// The worker.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Reports a panic to the page, before the trap that follows and ends the worker.
fn report_panic(panic: &PanicHookInfo<'_>) {
    console_error_panic_hook::hook(panic);
    // If this fails, the page still notices the trap.
    let _ = scope().post_message(&Array::of2(&"died".into(), &panic.to_string().into()));
}
