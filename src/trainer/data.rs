//! CIFAR-10: the pictures that come with the page, and the archive that its home page has.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader};

use crate::platform::{blob, fetch, get, read, words};
use crate::train::cifar10::{Archive, of_sheet, pictures};
use crate::train::{Pictures, Set};
use crate::worker::pixels;
use crate::zoo::cifar10::{Sheet, TEST, TRAINING};

/// What a file in gzip's format begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Fetches all pictures that come with the page.
///
/// # Errors
/// Why they cannot be fetched or read, as a sentence.
pub(super) async fn bundled() -> Result<Pictures, String> {
    let (train, test) = (part(&TRAINING).await?, part(&TEST).await?);
    let name = format!("CIFAR-10, {} training and {} test pictures", TRAINING.pictures, TEST.pictures);
    Ok(pictures(name, train, test))
}

async fn part(sheet: &Sheet) -> Result<Set, String> {
    let damaged = || format!("{} is damaged: reload the page", sheet.list);
    let list = fetch(sheet.list).await?;
    let items = std::str::from_utf8(&list).ok().and_then(|list| sheet.items(list)).ok_or_else(damaged)?;
    let file = blob(&fetch(sheet.path).await?).map_err(|error| words(&error))?;
    of_sheet(sheet, &pixels(&file).await?, &items).ok_or_else(damaged)
}

/// Reads an archive as it is unpacked, so that it is never whole in memory.
///
/// # Errors
/// Why it cannot be used, as a sentence.
pub(super) async fn archive(file: &Blob) -> Result<Pictures, String> {
    let is_packed = read(file, GZIP.len() as u64).await? == GZIP;
    let reader = opened(file, is_packed).map_err(|error| words(&error))?;
    let mut archive = Archive::default();
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|error| words(&error))?;
        if get(&part, "done").is_truthy() {
            return archive.finish().map_err(|error| error.to_string());
        }
        let bytes: Uint8Array = get(&part, "value").unchecked_into();
        archive.push(&bytes.to_vec()).map_err(|error| error.to_string())?;
    }
}

/// `web-sys` has no type for what unpacks.
fn opened(file: &Blob, is_packed: bool) -> Result<ReadableStreamDefaultReader, JsValue> {
    let mut stream = file.stream();
    if is_packed {
        let kind: Function = get(&js_sys::global(), "DecompressionStream").dyn_into()?;
        let unpack = Reflect::construct(&kind, &Array::of1(&"gzip".into()))?;
        let pipe: Function = get(&stream, "pipeThrough").dyn_into()?;
        stream = pipe.call1(&stream, &unpack)?.dyn_into()?;
    }
    stream.get_reader().dyn_into().map_err(JsValue::from)
}
