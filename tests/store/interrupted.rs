//! Connections that break, fall silent or report wrong lengths, and downloads that are resumed.

use std::cell::RefCell;
use std::rc::Rc;

use cardinal::store::{CHUNK_BYTES, Download, DownloadProgress, FetchError, FileRequest};
use cardinal::weights::WeightError;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{BYTES, Server, cached, demand_content, fresh, run, says, sha256, sleep, spawn, waiting};

#[wasm_bindgen_test]
async fn a_cut_connection_is_taken_up_where_it_broke() {
    let cut = BYTES * 6 / 10;
    let request = FileRequest { sha256: Some(sha256(BYTES)), ..fresh("cut").await };
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [{cut}], "headers": {{"etag": "\"v1\""}}}}"#));
    let file = Download::open(request).await.unwrap();
    let seen: RefCell<Vec<DownloadProgress>> = RefCell::default();
    file.run(&|progress| seen.borrow_mut().push(progress)).await.unwrap();
    assert_eq!(server.log(), ["all".to_owned(), format!(r#"bytes={cut}- if "v1""#)]);
    demand_content(&*file).await;
    let seen = seen.into_inner();
    assert_eq!((seen[0].done, seen[0].total), (0, Some(BYTES)));
    assert!(seen.is_sorted_by_key(|progress| progress.done), "{seen:?}");
    let last = seen.last().unwrap();
    assert_eq!((last.done, last.resumed_from, last.seconds_left), (BYTES, 0, Some(0.0)));
    assert!(last.bytes_per_second.unwrap() > 1e5, "{last:?}");
}

#[wasm_bindgen_test]
async fn a_server_without_ranges_starts_over() {
    let cut = BYTES * 6 / 10;
    for (name, how) in [
        ("restart", r#""ranges": false"#),
        ("elsewhere", r#""shift": 5"#),
        // A range of a compressed response cannot be asked for.
        ("encoded", r#""headers": {"content-encoding": "gzip", "content-length": "4321"}"#),
    ] {
        let request = FileRequest { sha256: Some(sha256(BYTES)), ..fresh(name).await };
        let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [{cut}], {how}}}"#));
        let file = Download::open(request).await.unwrap();
        assert_eq!(file.total(), if name == "encoded" { None } else { Some(BYTES) });
        let sized = Rc::new(RefCell::new(None));
        let (waiter, given) = (file.clone(), sized.clone());
        spawn_local(async move { *given.borrow_mut() = Some(waiter.sized().await) });
        run(&file).await.unwrap();
        let log = server.log();
        match name {
            "restart" => assert_eq!(log, ["all".to_owned(), format!("bytes={cut}-")]),
            "elsewhere" => assert_eq!(log, ["all".to_owned(), format!("bytes={cut}-"), "all".to_owned()]),
            _ => assert_eq!(log, ["all", "all"]),
        }
        sleep(0).await;
        assert_eq!(sized.borrow_mut().take(), Some(Ok(BYTES)));
        demand_content(&*file).await;
        assert!(cached(name).await.unwrap().complete);
    }
}

#[wasm_bindgen_test]
async fn hidden_headers_do_no_harm() {
    let cut = BYTES * 6 / 10;
    let request = FileRequest { sha256: Some(sha256(BYTES)), ..fresh("hidden").await };
    let hide = r#""hide": ["content-range", "etag", "content-encoding"], "type": "cors""#;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [{cut}], {hide}}}"#));
    let file = Download::open(request).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["all".to_owned(), format!("bytes={cut}-")]);
    demand_content(&*file).await;
}

/// A server of another origin may compress without this page being told: then the length is that of the compressed bytes.
#[wasm_bindgen_test]
async fn more_than_announced_is_a_hidden_compression() {
    for (name, bytes, cut) in [("longer", None, "[]"), ("longer-cut", None, "[6000000]"), ("known", Some(BYTES), "[]")]
    {
        let request = FileRequest { sha256: Some(sha256(BYTES)), bytes, ..fresh(name).await };
        let how = r#""type": "cors", "headers": {"content-length": "5000000"}"#;
        let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": {cut}, {how}}}"#));
        let file = Download::open(request).await.unwrap();
        run(&file).await.unwrap();
        assert_eq!(file.total(), Some(BYTES));
        assert_eq!(server.log().len(), if cut == "[]" { 1 } else { 2 });
        assert!(server.log().iter().all(|line| line == "all"), "{:?}", server.log());
        demand_content(&*file).await;
    }
}

#[wasm_bindgen_test]
async fn a_connection_that_keeps_breaking_is_given_up() {
    let request = fresh("broken").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [5000000, 1000, 0, 0, 0]}}"#));
    let file = Download::open(request.clone()).await.unwrap();
    let waits = waiting(&file, 6_000_000..6_000_001);
    let error = run(&file).await.unwrap_err();
    says(&error, &["5.00 MB of 9.62 MB", "network error", "try again", "goes on from there", "127.0.0.1"]);
    assert_eq!(file.finished().await, Err(error.clone()));
    sleep(0).await;
    assert_eq!(waits.borrow_mut().take().unwrap().unwrap_err(), WeightError::Source(error.to_string()));
    // The first attempt brought a whole chunk, so that three more could follow the second.
    let asked: Vec<String> =
        ["all".into()].into_iter().chain([5_000_000, 5_001_000, 5_001_000].map(|at| format!("bytes={at}-"))).collect();
    assert_eq!(server.log(), asked);
    assert_eq!(cached("broken").await.map(|file| (file.bytes, file.complete)), Some((CHUNK_BYTES, false)));

    // The same object resumes from the last byte, another from the chunks in the cache.
    server.behave(&format!(r#"{{"bytes": {BYTES}, "cut": [10]}}"#));
    let other = Download::open(request).await.unwrap();
    assert_eq!((other.arrived(), server.log()), (CHUNK_BYTES, vec![format!("bytes={CHUNK_BYTES}-")]));
    // The two would write into one entry: the first waits until the other is dropped.
    let ended = spawn(&file);
    sleep(100).await;
    assert_eq!((ended.borrow().is_none(), server.log().len()), (true, 1));
    drop(other);
    run(&file).await.unwrap();
    assert_eq!(server.log()[1], "bytes=5001000-");
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_server_in_trouble_is_asked_again_but_only_in_the_middle() {
    let request = fresh("trouble").await;
    let server =
        Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [1000], "status": [null, 503], "offline": [0, 0, 1]}}"#));
    let file = Download::open(request).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["all", "bytes=1000-", "bytes=1000-", "bytes=1000-"]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn silence_is_a_cut_connection() {
    let request = fresh("silent").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [70000]}}"#));
    let file = Download::open(request).await.unwrap();
    let run = spawn(&file);
    sleep(300).await;
    assert_eq!(file.arrived(), 70000);
    server.tell("leap", "20000");
    sleep(1300).await;
    assert_eq!(server.log().len(), 1, "it was not patient");
    server.tell("leap", "35000");
    file.finished().await.unwrap();
    sleep(0).await;
    assert_eq!(run.borrow_mut().take(), Some(Ok(())));
    assert_eq!(server.log(), ["all", "bytes=70000-"]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_download_cancelled_and_opened_again_goes_on() {
    let request = FileRequest { sha256: Some(sha256(BYTES)), ..fresh("cancelled").await };
    let hold = 2 * CHUNK_BYTES + 1000;
    let tag = r#""headers": {"etag": "\"v1\""}"#;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [{hold}], {tag}}}"#));
    let file = Download::open(request.clone()).await.unwrap();
    let ended = spawn(&file);
    while file.arrived() < hold {
        sleep(10).await;
    }
    file.cancel();
    assert_eq!(file.finished().await, Err(FetchError::Cancelled));
    sleep(0).await;
    assert_eq!(ended.borrow_mut().take(), Some(Err(FetchError::Cancelled)));
    drop(file);

    server.behave(&format!(r#"{{"bytes": {BYTES}, {tag}}}"#));
    let file = Download::open(request).await.unwrap();
    assert_eq!((file.arrived(), file.total()), (2 * CHUNK_BYTES, Some(BYTES)));
    let first: RefCell<Option<DownloadProgress>> = RefCell::default();
    file.run(&|progress| {
        first.borrow_mut().get_or_insert(progress);
    })
    .await
    .unwrap();
    let first = first.into_inner().unwrap();
    assert_eq!((first.done, first.resumed_from), (2 * CHUNK_BYTES, 2 * CHUNK_BYTES));
    assert_eq!(server.log(), [format!(r#"bytes={}- if "v1""#, 2 * CHUNK_BYTES)]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_stream_that_ends_early_is_a_cut_connection() {
    let request = fresh("short").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "end": [3000000, 3000000]}}"#));
    let file = Download::open(request).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["all", "bytes=3000000-", "bytes=6000000-"]);
    demand_content(&*file).await;
}
