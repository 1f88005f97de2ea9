//! Files over a network that breaks, the browser's cache, memory and disk: `wasm-pack test --headless --chrome`. The
//! server is `store/server.js`, in the place of `fetch`; the cache is the browser's own.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use cardinal::store::{
    self, Arriving, ByteSource, FetchError, Kept, KeptFile, Local, NotKept, PIECE, Progress, Wanted,
};
use cardinal::weights::WeightError;
use js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Three pieces, the last of them short and odd.
const BYTES: u64 = 2 * PIECE + 1_234_567;

/// The server of one test; the browser's own `fetch` comes back with its end.
struct Server(JsValue);

impl Server {
    /// `how` is JSON: see `server.js`.
    fn new(how: &str) -> Self {
        let make = Function::new_no_args(include_str!("store/server.js"));
        let server = Self(make.call0(&JsValue::NULL).unwrap());
        server.tell("behave", how);
        server
    }

    fn tell(&self, name: &str, how: &str) {
        let function: Function = Reflect::get(&self.0, &name.into()).unwrap().unchecked_into();
        function.call1(&self.0, &JSON::parse(how).unwrap()).unwrap();
    }

    /// Other behaviour from now on, with a new log.
    fn behave(&self, how: &str) {
        self.tell("behave", how);
    }

    /// What was asked, a line a request: `range / condition`.
    fn log(&self) -> Vec<String> {
        let log: Array = Reflect::get(&self.0, &"log".into()).unwrap().unchecked_into();
        let field = |entry: &JsValue, name: &str| Reflect::get(entry, &name.into()).unwrap().as_string();
        let line = |entry: JsValue| {
            let range = field(&entry, "range").unwrap_or_else(|| "all".into());
            match field(&entry, "condition") {
                Some(condition) => format!("{range} if {condition}"),
                None => range,
            }
        };
        log.iter().map(line).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let restore: Function = Reflect::get(&self.0, &"restore".into()).unwrap().unchecked_into();
        restore.call0(&self.0).unwrap();
    }
}

/// The file's byte at a place, as `server.js` has it.
fn byte(at: u64, salt: u64) -> u8 {
    ((at / 4096) * 7 + at * 31 + salt) as u8
}

fn content(range: std::ops::Range<u64>) -> Vec<u8> {
    range.map(|at| byte(at, 0)).collect()
}

fn sha256(bytes: u64) -> String {
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < bytes {
        let until = bytes.min(at + PIECE);
        hash.update(content(at..until));
        at = until;
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file of its own for each test, not in the cache.
async fn fresh(name: &str) -> Wanted {
    let url = format!("/made-up/{name}.safetensors?download=true#part");
    store::remove(&url).await;
    Wanted { url, keep: true, ..Wanted::default() }
}

async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

async fn run(file: &Arriving) -> Result<(), FetchError> {
    file.run(&|_| {}).await
}

/// What a task of its own gives, in time.
type Later<T> = Rc<RefCell<Option<T>>>;

/// Downloads while somebody else waits for the end.
fn spawn(file: &Rc<Arriving>) -> Later<Result<(), FetchError>> {
    let (file, result) = (file.clone(), Rc::new(RefCell::new(None)));
    let given = result.clone();
    spawn_local(async move {
        let ended = run(&file).await;
        *given.borrow_mut() = Some(ended);
    });
    result
}

/// A read that somebody waits for.
fn waiting(file: &Rc<Arriving>, range: std::ops::Range<u64>) -> Later<Result<Vec<u8>, WeightError>> {
    let (file, result) = (file.clone(), Rc::new(RefCell::new(None)));
    let given = result.clone();
    spawn_local(async move {
        let read = file.read(range).await;
        *given.borrow_mut() = Some(read);
    });
    result
}

/// Reads everything in odd steps across the borders of pieces, and compares.
async fn demand_content(file: &dyn ByteSource) {
    assert_eq!(file.size(), BYTES);
    let mut at = 0;
    while at < BYTES {
        let until = BYTES.min(at + 1_500_001);
        let read = file.read(at..until).await.unwrap();
        assert!(read == content(at..until), "bytes {at}..{until} differ");
        at = until;
    }
    let border = file.read(PIECE - 3..2 * PIECE + 5).await.unwrap();
    assert!(border == content(PIECE - 3..2 * PIECE + 5), "a read over two borders differs");
    assert!(file.read(7..7).await.unwrap().is_empty());
    let past = file.read(BYTES - 1..BYTES + 1).await.unwrap_err();
    assert_eq!(past, WeightError::Truncated { expected: BYTES + 1, got: BYTES });
}

async fn keys(name: &str) -> Vec<String> {
    let caches: web_sys::CacheStorage = Reflect::get(&js_sys::global(), &"caches".into()).unwrap().unchecked_into();
    let cache: web_sys::Cache = JsFuture::from(caches.open("cardinal-weights-1")).await.unwrap().unchecked_into();
    let keys: Array = JsFuture::from(cache.keys()).await.unwrap().unchecked_into();
    let urls = keys.iter().map(|key| key.unchecked_into::<web_sys::Request>().url());
    urls.filter(|url| url.contains(&format!("/{name}."))).collect()
}

async fn kept(name: &str) -> Option<KeptFile> {
    store::kept().await.into_iter().find(|file| file.url.contains(&format!("/{name}.")))
}

fn says(error: &dyn std::fmt::Display, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "`{word}` is not in: {text}");
    }
}

#[wasm_bindgen_test]
async fn a_file_comes_whole_and_the_second_time_without_a_request() {
    let wanted = Wanted { sha256: Some(sha256(BYTES).to_uppercase()), bytes: Some(BYTES), ..fresh("whole").await };
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "headers": {{"etag": "\"v1\""}}}}"#));
    let file = Arriving::open(wanted.clone()).await.unwrap();
    assert_eq!((file.arrived(), file.total(), file.kept()), (0, Some(BYTES), Kept::Cache));
    run(&file).await.unwrap();
    file.finished().await.unwrap();
    assert_eq!(file.arrived(), BYTES);
    demand_content(&*file).await;
    assert_eq!(server.log(), ["all"]);
    let there = kept("whole").await.unwrap();
    assert_eq!((there.bytes, there.complete, there.url.as_str()), (BYTES, true, file.url()));
    assert_eq!(keys("whole").await.len(), 4, "three pieces and a note");

    server.behave(r#"{"offline": [true, true, true, true]}"#);
    let again = Arriving::open(Wanted { keep: false, ..wanted.clone() }).await.unwrap();
    again.finished().await.unwrap();
    run(&again).await.unwrap();
    assert_eq!((again.arrived(), again.kept()), (BYTES, Kept::Cache));
    demand_content(&*again).await;
    assert_eq!(server.log(), [] as [&str; 0]);

    assert!(store::remove(&wanted.url).await);
    assert_eq!(keys("whole").await, [] as [&str; 0]);
    assert!(!store::remove(&wanted.url).await, "there was nothing left");
    assert!(matches!(Arriving::open(wanted).await, Err(FetchError::Unreachable { .. })));
}

#[wasm_bindgen_test]
async fn a_file_that_is_cached_without_a_hash_is_hashed_when_one_is_wanted() {
    let wanted = fresh("later").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    run(&Arriving::open(wanted.clone()).await.unwrap()).await.unwrap();
    let right = Arriving::open(Wanted { sha256: Some(sha256(BYTES)), ..wanted.clone() }).await.unwrap();
    run(&right).await.unwrap();
    assert_eq!(server.log(), ["all"]);
    // Now the hash is known, and another is another file.
    let wrong = Arriving::open(Wanted { sha256: Some("00".repeat(32)), ..wanted }).await.unwrap();
    assert!(matches!(run(&wrong).await, Err(FetchError::Hash { .. })));
    assert_eq!(server.log(), ["all", "all"]);
}

#[wasm_bindgen_test]
async fn reads_wait_for_what_has_not_come() {
    let wanted = fresh("waits").await;
    let hold = PIECE + 100_000;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [{hold}]}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    let early = waiting(&file, 0..1000);
    assert!(early.borrow().is_none());
    let run = spawn(&file);
    while file.arrived() < hold {
        sleep(10).await;
    }
    sleep(20).await;
    assert_eq!(early.borrow_mut().take().unwrap().unwrap(), content(0..1000));
    // What came last lies in no piece yet.
    assert!(file.read(PIECE - 10..hold).await.unwrap() == content(PIECE - 10..hold));
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
async fn a_cut_connection_is_taken_up_where_it_broke() {
    let cut = BYTES * 6 / 10;
    let wanted = Wanted { sha256: Some(sha256(BYTES)), ..fresh("cut").await };
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [{cut}], "headers": {{"etag": "\"v1\""}}}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    let seen: RefCell<Vec<Progress>> = RefCell::default();
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
async fn a_server_without_ranges_begins_anew() {
    let cut = BYTES * 6 / 10;
    for (name, how) in [
        ("anew", r#""ranges": false"#),
        ("elsewhere", r#""shift": 5"#),
        // A compressed answer cannot be asked for in parts.
        ("encoded", r#""headers": {"content-encoding": "gzip", "content-length": "4321"}"#),
    ] {
        let wanted = Wanted { sha256: Some(sha256(BYTES)), ..fresh(name).await };
        let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [{cut}], {how}}}"#));
        let file = Arriving::open(wanted).await.unwrap();
        assert_eq!(file.total(), if name == "encoded" { None } else { Some(BYTES) });
        let sized = Rc::new(RefCell::new(None));
        let (waiter, given) = (file.clone(), sized.clone());
        spawn_local(async move { *given.borrow_mut() = Some(waiter.sized().await) });
        run(&file).await.unwrap();
        let log = server.log();
        match name {
            "anew" => assert_eq!(log, ["all".to_owned(), format!("bytes={cut}-")]),
            "elsewhere" => assert_eq!(log, ["all".to_owned(), format!("bytes={cut}-"), "all".to_owned()]),
            _ => assert_eq!(log, ["all", "all"]),
        }
        sleep(0).await;
        assert_eq!(sized.borrow_mut().take(), Some(Ok(BYTES)));
        demand_content(&*file).await;
        assert!(kept(name).await.unwrap().complete);
    }
}

#[wasm_bindgen_test]
async fn hidden_headers_do_no_harm() {
    let cut = BYTES * 6 / 10;
    let wanted = Wanted { sha256: Some(sha256(BYTES)), ..fresh("hidden").await };
    let hide = r#""hide": ["content-range", "etag", "content-encoding"], "type": "cors""#;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [{cut}], {hide}}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["all".to_owned(), format!("bytes={cut}-")]);
    demand_content(&*file).await;
}

/// Another server may compress without this page being told: its length is that of the compressed bytes.
#[wasm_bindgen_test]
async fn more_than_announced_is_a_hidden_compression() {
    for (name, bytes, cut) in [("longer", None, "[]"), ("longer-cut", None, "[6000000]"), ("known", Some(BYTES), "[]")]
    {
        let wanted = Wanted { sha256: Some(sha256(BYTES)), bytes, ..fresh(name).await };
        let how = r#""type": "cors", "headers": {"content-length": "5000000"}"#;
        let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": {cut}, {how}}}"#));
        let file = Arriving::open(wanted).await.unwrap();
        run(&file).await.unwrap();
        assert_eq!(file.total(), Some(BYTES));
        assert_eq!(server.log().len(), if cut == "[]" { 1 } else { 2 });
        assert!(server.log().iter().all(|line| line == "all"), "{:?}", server.log());
        demand_content(&*file).await;
    }
}

#[wasm_bindgen_test]
async fn a_connection_that_keeps_breaking_is_given_up() {
    let wanted = fresh("broken").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [5000000, 1000, 0, 0, 0]}}"#));
    let file = Arriving::open(wanted.clone()).await.unwrap();
    let waits = waiting(&file, 6_000_000..6_000_001);
    let error = run(&file).await.unwrap_err();
    says(&error, &["5.0 MB of 9.6 MB", "network error", "try again", "goes on from there", "127.0.0.1"]);
    assert_eq!(file.finished().await, Err(error.clone()));
    sleep(0).await;
    assert_eq!(waits.borrow_mut().take().unwrap().unwrap_err(), WeightError::Source(error.to_string()));
    // The first brought a whole piece, so that three more could follow the second.
    let asked: Vec<String> =
        ["all".into()].into_iter().chain([5_000_000, 5_001_000, 5_001_000].map(|at| format!("bytes={at}-"))).collect();
    assert_eq!(server.log(), asked);
    assert_eq!(kept("broken").await.map(|file| (file.bytes, file.complete)), Some((PIECE, false)));

    // The same object has every byte, another the pieces in the cache.
    server.behave(&format!(r#"{{"bytes": {BYTES}, "cut": [10]}}"#));
    let other = Arriving::open(wanted).await.unwrap();
    assert_eq!((other.arrived(), server.log()), (PIECE, vec![format!("bytes={PIECE}-")]));
    run(&file).await.unwrap();
    assert_eq!(server.log()[1], "bytes=5001000-");
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_server_in_trouble_is_asked_again_but_only_in_the_middle() {
    let wanted = fresh("trouble").await;
    let server =
        Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [1000], "status": [null, 503], "offline": [0, 0, 1]}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["all", "bytes=1000-", "bytes=1000-", "bytes=1000-"]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn silence_is_a_cut_connection() {
    let wanted = fresh("silent").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [70000]}}"#));
    let file = Arriving::open(wanted).await.unwrap();
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
    let wanted = Wanted { sha256: Some(sha256(BYTES)), ..fresh("cancelled").await };
    let hold = 2 * PIECE + 1000;
    let tag = r#""headers": {"etag": "\"v1\""}"#;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [{hold}], {tag}}}"#));
    let file = Arriving::open(wanted.clone()).await.unwrap();
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
    let file = Arriving::open(wanted).await.unwrap();
    assert_eq!((file.arrived(), file.total()), (2 * PIECE, Some(BYTES)));
    let first: RefCell<Option<Progress>> = RefCell::default();
    file.run(&|progress| {
        first.borrow_mut().get_or_insert(progress);
    })
    .await
    .unwrap();
    let first = first.into_inner().unwrap();
    assert_eq!((first.done, first.resumed_from), (2 * PIECE, 2 * PIECE));
    assert_eq!(server.log(), [format!(r#"bytes={}- if "v1""#, 2 * PIECE)]);
    demand_content(&*file).await;
}

/// Leaves two pieces of version v1 in the cache.
async fn begin(wanted: &Wanted, server: &Server) {
    server.behave(&format!(r#"{{"bytes": {BYTES}, "hold": [{}], "headers": {{"etag": "\"v1\""}}}}"#, 2 * PIECE));
    let file = Arriving::open(wanted.clone()).await.unwrap();
    spawn(&file);
    while file.arrived() < 2 * PIECE || keys(wanted.url.split(['/', '.']).nth(2).unwrap()).await.len() < 3 {
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
        // A server that does not hear the condition.
        ("deaf", r#""headers": {"etag": "\"v2\""}, "deaf": true"#, vec!["bytes=8388608- if \"v1\"", "all"]),
    ] {
        let wanted = fresh(name).await;
        begin(&wanted, &server).await;
        server.behave(&format!(r#"{{"bytes": {BYTES}, {how}}}"#));
        let file = Arriving::open(wanted).await.unwrap();
        assert_eq!(file.arrived(), 0);
        run(&file).await.unwrap();
        assert_eq!(server.log(), log);
        demand_content(&*file).await;
        assert_eq!(keys(name).await.len(), 4);
    }
    let wanted = fresh("shrunk").await;
    begin(&wanted, &server).await;
    server.behave(r#"{"bytes": 5000000, "headers": {"etag": "\"v1\""}}"#);
    let file = Arriving::open(wanted).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["bytes=8388608- if \"v1\"", "all"]);
    assert_eq!(file.size(), 5_000_000);
    assert_eq!(keys("shrunk").await.len(), 3, "an old piece was left");
}

#[wasm_bindgen_test]
async fn a_file_that_changes_under_its_readers_is_refused() {
    let wanted = fresh("changed").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "cut": [5000000], "headers": {{"etag": "\"v1\""}}}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    let ended = spawn(&file);
    while file.arrived() < 5_000_000 {
        sleep(5).await;
    }
    server.tell("later", r#"{"headers": {"etag": "\"v2\""}}"#);
    says(&file.finished().await.unwrap_err(), &["was changed there", "begins anew"]);
    sleep(0).await;
    assert!(matches!(ended.borrow_mut().take(), Some(Err(FetchError::Changed { .. }))));
    assert!(file.read(0..10).await.is_err(), "the old bytes are gone");
    assert_eq!(keys("changed").await, [] as [&str; 0]);
    run(&file).await.unwrap();
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_wrong_hash_removes_the_file() {
    let wanted = Wanted { sha256: Some("12".repeat(32)), ..fresh("wrong").await };
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    let error = run(&file).await.unwrap_err();
    says(&error, &[&"12".repeat(32), &sha256(BYTES), "removed"]);
    assert_eq!(keys("wrong").await, [] as [&str; 0]);
    assert!(kept("wrong").await.is_none());
    assert_eq!(file.read(0..10).await.unwrap_err(), WeightError::Source(error.to_string()));
    assert_eq!(server.log(), ["all"]);
}

#[wasm_bindgen_test]
async fn a_file_of_another_size_is_refused() {
    let wanted = Wanted { bytes: Some(BYTES), ..fresh("size").await };
    let server = Server::new(&format!(r#"{{"bytes": {}}}"#, BYTES + 1));
    let Err(error) = Arriving::open(wanted.clone()).await else { panic!("it was taken") };
    says(&error, &[&format!("{BYTES} expected"), &format!("{} bytes", BYTES + 1), "another version"]);
    assert!(matches!(error, FetchError::Size { expected: BYTES, .. }));
    // Where the server does not say how long it is, it shows at the end.
    for (stretch, cut_off) in [(1, false), (-1_i64, true)] {
        let hide = r#""hide": ["content-length"]"#;
        server.behave(&format!(r#"{{"bytes": {BYTES}, "stretch": {stretch}, "end": [null, 0, 0, 0], {hide}}}"#));
        let file = Arriving::open(wanted.clone()).await.unwrap();
        let error = run(&file).await.unwrap_err();
        if cut_off {
            assert!(matches!(error, FetchError::Cut { got, .. } if got == BYTES - 1), "{error:?}");
        } else {
            assert_eq!(error, FetchError::TooMuch { host: host(), expected: BYTES });
            assert_eq!(keys("size").await, [] as [&str; 0]);
        }
        store::remove(&wanted.url).await;
    }
}

fn host() -> String {
    web_sys::window().unwrap().location().host().unwrap()
}

#[wasm_bindgen_test]
async fn a_stream_that_ends_early_is_a_cut_connection() {
    let wanted = fresh("short").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "end": [3000000, 3000000]}}"#));
    let file = Arriving::open(wanted).await.unwrap();
    run(&file).await.unwrap();
    assert_eq!(server.log(), ["all", "bytes=3000000-", "bytes=6000000-"]);
    demand_content(&*file).await;
}

#[wasm_bindgen_test]
async fn a_web_page_is_refused_before_anything_is_stored() {
    let wanted = fresh("page").await;
    let server = Server::new(r#"{"html": ["text/html; charset=utf-8", "application/octet-stream", "text/plain"]}"#);
    let Err(error) = Arriving::open(wanted.clone()).await else { panic!("it was taken") };
    says(&error, &["web page", "HTML", "127.0.0.1", "the file itself"]);
    for _ in 0..2 {
        let file = Arriving::open(wanted.clone()).await.unwrap();
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
    let wanted = fresh("refused").await;
    let server = Server::new(r#"{"status": [404, 500, 403, 429, 418]}"#);
    for words in [
        &["404", "check the address"],
        &["500", "later"],
        &["403", "private"],
        &["429", "wait a minute"],
        &["418", "open it from disk"],
    ] {
        let Err(error) = Arriving::open(wanted.clone()).await else { panic!("{words:?} was taken") };
        says(&error, words);
        says(&error, &["127.0.0.1"]);
    }
    assert_eq!(server.log().len(), 5);
    server.behave(r#"{"offline": [true]}"#);
    let Err(error) = Arriving::open(wanted).await else { panic!("it was taken") };
    says(&error, &["Failed to fetch", "check the connection", "CORS", "127.0.0.1"]);
    let nowhere = Wanted { url: "https://".into(), ..Wanted::default() };
    assert!(matches!(Arriving::open(nowhere).await, Err(FetchError::Address(_))));
}

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
async fn a_dropped_download_ends_its_readers() {
    let wanted = fresh("dropped").await;
    let server = Server::new(&format!(r#"{{"bytes": {BYTES}, "hold": [1000]}}"#));
    let file = Arriving::open(wanted).await.unwrap();
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
    assert!(matches!(store::text("/made-up/config.json").await, Err(FetchError::Cut { got: 5000, .. })));
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
