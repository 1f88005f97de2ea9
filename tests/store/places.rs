//! Where files are stored: in the cache, in memory, on disk.

use cardinal::store::{self, BlobSource, ByteSource, CHUNK_BYTES, Download, FileRequest, NotCached, Storage};
use cardinal::weights::{Pending, StoredCheckpoint, WeightError};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{BYTES, Server, byte, cached, content, demand_content, fresh, keys, run, says, sha256};

#[wasm_bindgen_test]
async fn a_full_disk_leaves_the_rest_in_memory() {
    let request = FileRequest { sha256: Some(sha256(BYTES)), ..fresh("full").await };
    // There is room for the manifest and the first chunk.
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "quota": 2}}"#));
    let file = Download::open(request.clone()).await.unwrap();
    assert_eq!(file.storage(), Storage::Cache);
    run(&file).await.unwrap();
    assert_eq!(file.storage(), Storage::Memory(NotCached::QuotaExceeded));
    demand_content(&*file).await;
    assert_eq!(cached("full").await.map(|file| (file.bytes, file.complete)), Some((CHUNK_BYTES, false)));
    server.behave(&format!(r#"{{"bytes": {BYTES}, "quota": 0}}"#));
    let file = Download::open(request.clone()).await.unwrap();
    assert_eq!(server.log(), [format!("bytes={CHUNK_BYTES}-")]);
    run(&file).await.unwrap();
    demand_content(&*file).await;
    store::remove(&request.url).await;
    let file = Download::open(request).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!((file.storage(), keys("full").await.len()), (Storage::Memory(NotCached::QuotaExceeded), 0));
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_file_that_is_not_to_be_kept_is_not() {
    let request = FileRequest { cache: false, ..fresh("unkept").await };
    let _server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    let file = Download::open(request).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(file.storage(), Storage::Memory(NotCached::NotRequested));
    assert_eq!(keys("unkept").await, [] as [&str; 0]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn without_a_cache_files_are_in_memory() {
    let request = fresh("cacheless").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    server.tell("cacheless", "true");
    let file = Download::open(request.clone()).await.unwrap();
    let (listed, removed) = (store::cached_files().await, store::remove(&request.url).await);
    server.tell("cacheless", "false");
    assert_eq!((listed, removed), (vec![], false));
    run(&file).await.unwrap();
    assert_eq!(file.storage(), Storage::Memory(NotCached::NoCache));
    assert_eq!(keys("cacheless").await, [] as [&str; 0]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn what_the_browser_removed_is_missed_not_made_up() {
    let request = fresh("evicted").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    run(&Download::open(request.clone()).await.unwrap()).await.unwrap();
    let file = Download::open(request.clone()).await.unwrap();
    store::remove(&request.url).await;
    says(&file.read(0..10).await.unwrap_err(), &["removed", "load the file again"]);
    assert_eq!(server.log(), ["all"]);
}

#[wasm_bindgen_test]
async fn a_file_from_disk_is_read_in_parts() {
    let bytes = content(0..BYTES);
    let blob = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(&bytes[..]))).unwrap();
    demand_content(&BlobSource::new(blob)).await;
}

/// Bytes of WASM memory, which never shrinks.
fn memory() -> u32 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    memory.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length()
}

#[wasm_bindgen_test]
async fn a_hundred_megabytes_take_few_of_wasm_memory() {
    const LARGE: u64 = 100_000_000;
    let request = fresh("large").await;
    let before = memory();
    // The network delivers more at once than a chunk has.
    let _server = Server::new(&format!(r#"{{"bytes": {LARGE}, "chunk": 10000000}}"#));
    let file = Download::open(request.clone()).await.unwrap();
    run(&file).await.unwrap();
    let mut at = 0;
    while at < LARGE {
        let until = LARGE.min(at + CHUNK_BYTES);
        let read = file.read(at..until).await.unwrap();
        assert!(read.iter().zip(at..).all(|(&found, at)| found == byte(at, 0)), "bytes {at}..{until} differ");
        at = until;
    }
    let grown = memory() - before;
    wasm_bindgen_test::console_log!("WASM memory grew by {grown} from {before} bytes");
    assert!(grown < 24_000_000, "WASM memory grew by {grown} bytes");
    assert!(cached("large").await.unwrap().complete);
    store::remove(&request.url).await;
}

/// A file of 5 GiB, of which nothing may be read.
struct Huge;

impl ByteSource for Huge {
    fn size(&self) -> u64 {
        5 << 30
    }

    fn read(&self, range: std::ops::Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        panic!("bytes {range:?} were asked for");
    }
}

/// 32 bits do not name every place of it: it is refused as a whole, not cut off.
#[wasm_bindgen_test]
async fn a_file_above_4_gib_is_refused_before_it_is_read() {
    let error = StoredCheckpoint::open(std::rc::Rc::new(Huge), None).await.err().expect("refused");
    assert_eq!(error, WeightError::TooLong { got: 5 << 30, limit: (4 << 30) - 1 });
    let words = error.to_string();
    assert!(words.contains("larger than a web page can address"), "{words}");
}
