//! Files that have changed, or are not the ones expected.

use cardinal::store::{self, ByteSource, CHUNK_BYTES, Download, FetchError, FileRequest};
use cardinal::weights::WeightError;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{BYTES, Server, cached, demand_content, fresh, host, keys, run, says, sha256, sleep, spawn};

/// Leaves two chunks of version v1 in the cache.
async fn begin(request: &FileRequest, server: &Server) {
    server.behave(&format!(r#"{{"bytes": {BYTES}, "hold": [{}], "headers": {{"etag": "\"v1\""}}}}"#, 2 * CHUNK_BYTES));
    let file = Download::open(request.clone()).await.unwrap();
    spawn(&file);
    while file.arrived() < 2 * CHUNK_BYTES || keys(request.url.split(['/', '.']).nth(2).unwrap()).await.len() < 3 {
        sleep(10).await;
    }
    file.cancel();
    sleep(0).await;
}

#[wasm_bindgen_test]
async fn another_version_of_a_file_begun_earlier_replaces_it() {
    let server = Server::new("{}");
    for (name, how, log) in [
        ("tag", r#""headers": {"etag": "\"v2\""}"#, vec!["bytes=8388608- if \"v1\""]),
        // A server that ignores the condition.
        ("deaf", r#""headers": {"etag": "\"v2\""}, "deaf": true"#, vec!["bytes=8388608- if \"v1\"", "all"]),
    ] {
        let request = fresh(name).await;
        begin(&request, &server).await;
        server.behave(&format!(r#"{{"bytes": {BYTES}, {how}}}"#));
        let file = Download::open(request).await.unwrap();
        assert_eq!(file.arrived(), 0);
        run(&file).await.unwrap();
        assert_eq!(server.log(), log);
        demand_content(&*file).await;
        assert_eq!(keys(name).await.len(), 4);
    }
    let request = fresh("shrunk").await;
    begin(&request, &server).await;
    server.behave(r#"{"bytes": 5000000, "headers": {"etag": "\"v1\""}}"#);
    let file = Download::open(request).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["bytes=8388608- if \"v1\"", "all"]);
    assert_eq!(file.size(), 5_000_000);
    assert_eq!(keys("shrunk").await.len(), 3, "an old chunk was left");
}

#[wasm_bindgen_test]
async fn a_file_that_changes_under_its_readers_is_refused() {
    let request = fresh("changed").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [5000000], "headers": {{"etag": "\"v1\""}}}}"#));
    let file = Download::open(request).await.unwrap();
    let ended = spawn(&file);
    while file.arrived() < 5_000_000 {
        sleep(5).await;
    }
    server.tell("later", r#"{"headers": {"etag": "\"v2\""}}"#);
    says(&file.finished().await.unwrap_err(), &["was changed there", "starts over"]);
    sleep(0).await;
    assert!(matches!(ended.borrow_mut().take(), Some(Err(FetchError::Changed { .. }))));
    assert!(file.read(0..10).await.is_err(), "the old bytes are gone");
    assert_eq!(keys("changed").await, [] as [&str; 0]);
    run(&file).await.unwrap();
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_wrong_hash_removes_the_file() {
    let request = FileRequest { sha256: Some("12".repeat(32)), ..fresh("wrong").await };
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    let file = Download::open(request).await.unwrap();
    let error = run(&file).await.unwrap_err();
    says(&error, &[&"12".repeat(32), &sha256(BYTES), "removed"]);
    assert_eq!(keys("wrong").await, [] as [&str; 0]);
    assert!(cached("wrong").await.is_none());
    assert_eq!(file.read(0..10).await.unwrap_err(), WeightError::Source(error.to_string()));
    assert_eq!(server.log(), ["all"]);
}

#[wasm_bindgen_test]
async fn a_file_of_another_size_is_refused() {
    let request = FileRequest { bytes: Some(BYTES), ..fresh("size").await };
    let server = Server::new(&format!(r#"{{"bytes": {}}}"#, BYTES + 1));
    let Err(error) = Download::open(request.clone()).await else { panic!("it was taken") };
    says(&error, &[&format!("{BYTES} expected"), &format!("{} bytes", BYTES + 1), "another version"]);
    assert!(matches!(error, FetchError::Size { expected: BYTES, .. }));
    // Where the server does not send the length, the end shows it.
    for (stretch, cut_off) in [(1, false), (-1_i64, true)] {
        let hide = r#""hide": ["content-length"]"#;
        server.behave(&format!(r#"{{"bytes": {BYTES}, "stretch": {stretch}, "end": [null, 0, 0, 0], {hide}}}"#));
        let file = Download::open(request.clone()).await.unwrap();
        let error = run(&file).await.unwrap_err();
        if cut_off {
            assert!(matches!(error, FetchError::Interrupted { got, .. } if got == BYTES - 1), "{error:?}");
        } else {
            assert_eq!(error, FetchError::TooMuch { host: host(), expected: BYTES });
            assert_eq!(keys("size").await, [] as [&str; 0]);
        }
        store::remove(&request.url).await;
    }
}
