//! Names that one tab or worker of the page's origin has at a time: the Web Locks of the browser.

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::js::get;

/// A name that this tab has until it is dropped, or the tab is closed.
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        // It only resolves a promise.
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// The browser's locks; `undefined` over plain http and in some frames.
fn locks() -> JsValue {
    get(&get(&js_sys::global(), "navigator"), "locks")
}

/// A promise of one of their functions.
fn ask(function: &str, arguments: &Array) -> Option<JsFuture> {
    let locks = locks();
    let function: Function = get(&locks, function).dyn_into().ok()?;
    Some(function.apply(&locks, arguments).ok()?.unchecked_into::<Promise>().into())
}

/// Waits until nobody else has the name. `None` where the browser has no locks: then nobody is waited for.
pub async fn lock(name: &str) -> Option<Lock> {
    let (sender, granted) = oneshot::channel();
    // The name is held until the promise that this returns is resolved.
    let mut sender = Some(sender);
    let hold = Closure::once_into_js(move |_: JsValue| {
        Promise::new(&mut |resolve, _| {
            // Where nobody waits any more, it is given back at once, by being dropped.
            let _ = sender.take().map(|sender| sender.send(Lock(resolve)));
        })
    });
    let over = ask("request", &Array::of2(&name.into(), &hold))?;
    match select(granted, over).await {
        Either::Left((lock, _)) => lock.ok(),
        Either::Right(_) => None,
    }
}

/// Whether anybody has the name.
pub async fn is_locked(name: &str) -> bool {
    let Some(query) = ask("query", &Array::new()) else { return false };
    let held = query.await.map(|state| get(&state, "held")).unwrap_or_default();
    held.dyn_into::<Array>().is_ok_and(|held| held.iter().any(|lock| get(&lock, "name") == *name))
}
