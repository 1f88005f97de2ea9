//! Where files are kept: the cache, memory, the disk.

use cardinal::store::{self, Arriving, ByteSource, Kept, Local, NotKept, PIECE, Wanted};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{BYTES, Server, byte, content, demand_content, fresh, kept, keys, run, says, sha256};

#[wasm_bindgen_test]
async fn a_full_disk_leaves_the_rest_in_memory() {
    let wanted = Wanted { sha256: Some(sha256(BYTES)), ..fresh("full").await };
    // The note and the first piece find room.
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "quota": 2}}"#));
    let file = Arriving::open(wanted.clone()).await.unwrap();
    assert_eq!(file.kept(), Kept::Cache);
    run(&file).await.unwrap();
    assert_eq!(file.kept(), Kept::Memory(NotKept::Full));
    demand_content(&*file).await;
    assert_eq!(kept("full").await.map(|file| (file.bytes, file.complete)), Some((PIECE, false)));
    server.behave(&format!(r#"{{"bytes": {BYTES}, "quota": 0}}"#));
    let file = Arriving::open(wanted.clone()).await.unwrap();
    assert_eq!(server.log(), [format!("bytes={PIECE}-")]);
    run(&file).await.unwrap();
    demand_content(&*file).await;
    store::remove(&wanted.url).await;
    let file = Arriving::open(wanted).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!((file.kept(), keys("full").await.len()), (Kept::Memory(NotKept::Full), 0));
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_file_that_is_not_to_be_kept_is_not() {
    let wanted = Wanted { keep: false, ..fresh("unkept").await };
    let _server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(file.kept(), Kept::Memory(NotKept::Unwanted));
    assert_eq!(keys("unkept").await, [] as [&str; 0]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn without_a_cache_files_are_in_memory() {
    let wanted = fresh("cacheless").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    server.tell("cacheless", "true");
    let file = Arriving::open(wanted.clone()).await.unwrap();
    let (listed, removed) = (store::kept().await, store::remove(&wanted.url).await);
    server.tell("cacheless", "false");
    assert_eq!((listed, removed), (vec![], false));
    run(&file).await.unwrap();
    assert_eq!(file.kept(), Kept::Memory(NotKept::NoCache));
    assert_eq!(keys("cacheless").await, [] as [&str; 0]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn what_the_browser_removed_is_missed_not_made_up() {
    let wanted = fresh("evicted").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    run(&Arriving::open(wanted.clone()).await.unwrap()).await.unwrap();
    let file = Arriving::open(wanted.clone()).await.unwrap();
    store::remove(&wanted.url).await;
    says(&file.read(0..10).await.unwrap_err(), &["removed", "load the file again"]);
    assert_eq!(server.log(), ["all"]);
}

#[wasm_bindgen_test]
async fn a_file_from_disk_is_read_in_parts() {
    let bytes = content(0..BYTES);
    let blob = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(&bytes[..]))).unwrap();
    demand_content(&Local::new(blob)).await;
}

/// Bytes of WASM memory, which never shrinks.
fn memory() -> u32 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    memory.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length()
}

#[wasm_bindgen_test]
async fn a_hundred_megabytes_take_few_of_wasm_memory() {
    const LARGE: u64 = 100_000_000;
    let wanted = fresh("large").await;
    let before = memory();
    // One chunk is larger than a piece.
    let _server = Server::new(&format!(r#"{{"bytes": {LARGE}, "chunk": 10000000}}"#));
    let file = Arriving::open(wanted.clone()).await.unwrap();
    run(&file).await.unwrap();
    let mut at = 0;
    while at < LARGE {
        let until = LARGE.min(at + PIECE);
        let read = file.read(at..until).await.unwrap();
        assert!(read.iter().zip(at..).all(|(&found, at)| found == byte(at, 0)), "bytes {at}..{until} differ");
        at = until;
    }
    let grown = memory() - before;
    wasm_bindgen_test::console_log!("WASM memory grew by {grown} from {before} bytes");
    assert!(grown < 24_000_000, "WASM memory grew by {grown} bytes");
    assert!(kept("large").await.unwrap().complete);
    store::remove(&wanted.url).await;
}
