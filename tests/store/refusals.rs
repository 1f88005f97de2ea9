//! Responses that are not the file.

use cardinal::store::{Download, FetchError, FileRequest};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Server, fresh, keys, run, says, sleep, waiting};

#[wasm_bindgen_test]
async fn a_web_page_is_refused_before_anything_is_stored() {
    let request = fresh("page").await;
    let server = Server::new(r#"{"html": ["text/html; charset=utf-8", "application/octet-stream", "text/plain"]}"#);
    let Err(error) = Download::open(request.clone()).await else { panic!("it was taken") };
    says(&error, &["web page", "HTML", "127.0.0.1", "the file itself"]);
    for _ in 0..2 {
        let file = Download::open(request.clone()).await.unwrap();
        let waits = waiting(&file, 0..8);
        assert!(matches!(run(&file).await, Err(FetchError::Html { .. })));
        sleep(0).await;
        assert!(waits.borrow_mut().take().unwrap().is_err(), "HTML was given out");
        assert_eq!(file.arrived(), 0);
    }
    assert_eq!(keys("page").await, [] as [&str; 0]);
    assert_eq!(server.log().len(), 3, "a web page is no reason to ask again");
}

#[wasm_bindgen_test]
async fn refusals_are_told_in_words() {
    let request = fresh("refused").await;
    let server = Server::new(r#"{"status": [404, 500, 403, 429, 418]}"#);
    for words in [
        &["404", "check the address"],
        &["500", "later"],
        &["403", "private"],
        &["429", "wait a minute"],
        &["418", "open it from disk"],
    ] {
        let Err(error) = Download::open(request.clone()).await else { panic!("{words:?} was taken") };
        says(&error, words);
        says(&error, &["127.0.0.1"]);
    }
    assert_eq!(server.log().len(), 5);
    // Another server may withhold its files from web pages; the page's own does not.
    server.behave(r#"{"offline": [true, true]}"#);
    let Err(error) = Download::open(request).await else { panic!("it was taken") };
    says(&error, &["Failed to fetch", "check the connection", "the page's own server"]);
    assert!(!error.to_string().contains("CORS"), "{error}");
    let elsewhere = FileRequest { url: "https://elsewhere.example/refused.bin".into(), ..FileRequest::default() };
    let Err(error) = Download::open(elsewhere).await else { panic!("it was taken") };
    says(&error, &["Failed to fetch", "check the connection", "CORS", "elsewhere.example"]);
    let nowhere = FileRequest { url: "https://".into(), ..FileRequest::default() };
    assert!(matches!(Download::open(nowhere).await, Err(FetchError::Address(_))));
}
