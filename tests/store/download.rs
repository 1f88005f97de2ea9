//! Downloads: complete files, and files that are read while they arrive.

use cardinal::store::{self, ByteSource, CHUNK_BYTES, Download, FetchError, FileRequest, Storage};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    BYTES, Server, cached, content, demand_content, fresh, keys, run, says, sha256, sleep, spawn, waiting,
};

#[wasm_bindgen_test]
async fn a_file_comes_whole_and_the_second_time_without_a_request() {
    let request =
        FileRequest { sha256: Some(sha256(BYTES).to_uppercase()), bytes: Some(BYTES), ..fresh("whole").await };
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "headers": {{"etag": "\"v1\""}}}}"#));
    let file = Download::open(request.clone()).await.unwrap();
    assert_eq!((file.arrived(), file.total(), file.storage()), (0, Some(BYTES), Storage::Cache));
    run(&file).await.unwrap();
    file.finished().await.unwrap();
    assert_eq!(file.arrived(), BYTES);
    demand_content(&*file).await;
    assert_eq!(server.log(), ["all"]);
    let there = cached("whole").await.unwrap();
    assert_eq!((there.bytes, there.complete, there.url.as_str()), (BYTES, true, file.url()));
    assert_eq!(keys("whole").await.len(), 4, "three chunks and a manifest");

    server.behave(r#"{"offline": [true, true, true, true]}"#);
    let again = Download::open(FileRequest { cache: false, ..request.clone() }).await.unwrap();
    again.finished().await.unwrap();
    run(&again).await.unwrap();
    assert_eq!((again.arrived(), again.storage()), (BYTES, Storage::Cache));
    demand_content(&*again).await;
    assert_eq!(server.log(), [] as [&str; 0]);

    assert!(store::remove(&request.url).await);
    assert_eq!(keys("whole").await, [] as [&str; 0]);
    assert!(!store::remove(&request.url).await, "there was nothing left");
    assert!(matches!(Download::open(request).await, Err(FetchError::OwnServer { .. })));
}

#[wasm_bindgen_test]
async fn a_file_that_is_cached_without_a_hash_is_hashed_when_one_is_wanted() {
    let request = fresh("later").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    run(&Download::open(request.clone()).await.unwrap()).await.unwrap();
    let right = Download::open(FileRequest { sha256: Some(sha256(BYTES)), ..request.clone() }).await.unwrap();
    run(&right).await.unwrap();
    assert_eq!(server.log(), ["all"]);
    // Now its hash is known, and another hash means another file.
    let wrong = Download::open(FileRequest { sha256: Some("00".repeat(32)), ..request }).await.unwrap();
    assert!(matches!(run(&wrong).await, Err(FetchError::Hash { .. })));
    assert_eq!(server.log(), ["all", "all"]);
}

#[wasm_bindgen_test]
async fn reads_wait_for_what_has_not_come() {
    let request = fresh("waits").await;
    let hold = CHUNK_BYTES + 100_000;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [{hold}]}}"#));
    let file = Download::open(request).await.unwrap();
    let early = waiting(&file, 0..1000);
    assert!(early.borrow().is_none());
    let run = spawn(&file);
    while file.arrived() < hold {
        sleep(10).await;
    }
    sleep(20).await;
    assert_eq!(early.borrow_mut().take().unwrap().unwrap(), content(0..1000));
    // The last bytes are in no stored chunk yet.
    assert!(file.read(CHUNK_BYTES - 10..hold).await.unwrap() == content(CHUNK_BYTES - 10..hold));
    let late = waiting(&file, hold - 1..hold + 1);
    sleep(100).await;
    assert!(late.borrow().is_none(), "a byte that has not come was read");
    file.cancel();
    sleep(0).await;
    says(&late.borrow_mut().take().unwrap().unwrap_err(), &["cancelled"]);
    assert_eq!(run.borrow_mut().take(), Some(Err(FetchError::Cancelled)));
    assert!(file.read(0..hold).await.is_ok(), "what has come stays");
    server.behave(&format!(r#"{{"bytes": {BYTES}}}"#));
    let late = waiting(&file, hold - 1..BYTES);
    sleep(0).await;
    assert!(late.borrow_mut().take().unwrap().is_err(), "nobody downloads");
    let run = spawn(&file);
    sleep(0).await;
    let late = file.read(hold - 1..BYTES).await.unwrap();
    assert!(late == content(hold - 1..BYTES));
    file.finished().await.unwrap();
    sleep(0).await;
    assert_eq!(run.borrow_mut().take(), Some(Ok(())));
    assert_eq!(server.log(), [format!("bytes={hold}-")]);
}

#[wasm_bindgen_test]
async fn a_dropped_download_ends_its_readers() {
    let request = fresh("dropped").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [1000]}}"#));
    let file = Download::open(request).await.unwrap();
    let waits = waiting(&file, 0..2000);
    {
        let mut run = Box::pin(run(&file));
        for _ in 0..20 {
            let waker = std::task::Waker::noop();
            assert!(run.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
            sleep(5).await;
        }
    }
    sleep(0).await;
    says(&waits.borrow_mut().take().unwrap().unwrap_err(), &["cancelled"]);
    assert_eq!(file.arrived(), 1000);
    server.behave(&format!(r#"{{"bytes": {BYTES}}}"#));
    run(&file).await.unwrap();
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn small_texts() {
    let server =
        Server::new(r#"{"bytes": 900000, "status": [null, 404, 500], "html": [null, null, null, "text/html"]}"#);
    let text = store::text("/made-up/config.json").await.unwrap().unwrap();
    assert!(text == String::from_utf8_lossy(&content(0..900_000)));
    assert_eq!(store::text("/made-up/config.json").await, Ok(None));
    assert!(matches!(store::text("/made-up/config.json").await, Err(FetchError::Status { status: 500, .. })));
    assert_eq!(store::text("/made-up/config.json").await, Ok(None));
    server.behave(&format!(r#"{{"bytes": {}}}"#, store::MAX_TEXT_BYTES + 1));
    assert!(matches!(store::text("/made-up/config.json").await, Err(FetchError::TooLong { .. })));
    server.behave(r#"{"bytes": 9000, "end": [5000]}"#);
    assert!(matches!(store::text("/made-up/config.json").await, Err(FetchError::Interrupted { got: 5000, .. })));
}
