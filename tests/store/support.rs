//! The server of a test, the content of its file, and readers that wait.

use std::cell::RefCell;
use std::rc::Rc;

use cardinal::store::{self, ByteSource, CHUNK_BYTES, CachedFile, Download, FetchError, FileRequest};
use cardinal::weights::WeightError;
use js_sys::{Array, Function, JSON, Promise, Reflect};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Three chunks, the last of them short and odd.
pub const BYTES: u64 = 2 * CHUNK_BYTES + 1_234_567;

/// The server of one test. Dropped, it restores the browser's own `fetch`.
pub struct Server(JsValue);

impl Server {
    /// `how` is JSON: see `server.js`.
    pub fn new(how: &str) -> Self {
        let make = Function::new_no_args(include_str!("server.js"));
        let server = Self(make.call0(&JsValue::NULL).unwrap());
        server.tell("behave", how);
        server
    }

    pub fn tell(&self, name: &str, how: &str) {
        let function: Function = Reflect::get(&self.0, &name.into()).unwrap().unchecked_into();
        function.call1(&self.0, &JSON::parse(how).unwrap()).unwrap();
    }

    /// Sets another behaviour and clears the log.
    pub fn behave(&self, how: &str) {
        self.tell("behave", how);
    }

    /// The requests, one line per request: `range if condition`, or the range alone.
    pub fn log(&self) -> Vec<String> {
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

/// The file's byte at an offset, as `server.js` has it.
pub fn byte(at: u64, salt: u64) -> u8 {
    ((at / 4096) * 7 + at * 31 + salt) as u8
}

pub fn content(range: std::ops::Range<u64>) -> Vec<u8> {
    range.map(|at| byte(at, 0)).collect()
}

pub fn sha256(bytes: u64) -> String {
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < bytes {
        let until = bytes.min(at + CHUNK_BYTES);
        hash.update(content(at..until));
        at = until;
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The request for a file that only this test uses, and that is not in the cache.
pub async fn fresh(name: &str) -> FileRequest {
    let url = format!("/made-up/{name}.safetensors?download=true#part");
    store::remove(&url).await;
    FileRequest { url, cache: true, ..FileRequest::default() }
}

pub async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

pub async fn run(file: &Download) -> Result<(), FetchError> {
    file.run(&|_| {}).await
}

/// The result of a task, once it has ended.
pub type Later<T> = Rc<RefCell<Option<T>>>;

/// Runs a download in a task of its own.
pub fn spawn(file: &Rc<Download>) -> Later<Result<(), FetchError>> {
    let (file, result) = (file.clone(), Rc::new(RefCell::new(None)));
    let given = result.clone();
    spawn_local(async move {
        let ended = run(&file).await;
        *given.borrow_mut() = Some(ended);
    });
    result
}

/// Reads in a task of its own.
pub fn waiting(file: &Rc<Download>, range: std::ops::Range<u64>) -> Later<Result<Vec<u8>, WeightError>> {
    let (file, result) = (file.clone(), Rc::new(RefCell::new(None)));
    let given = result.clone();
    spawn_local(async move {
        let read = file.read(range).await;
        *given.borrow_mut() = Some(read);
    });
    result
}

/// Reads the whole file in odd steps that cross the ends of chunks, and compares it.
pub async fn demand_content(file: &dyn ByteSource) {
    assert_eq!(file.size(), BYTES);
    let mut at = 0;
    while at < BYTES {
        let until = BYTES.min(at + 1_500_001);
        let read = file.read(at..until).await.unwrap();
        assert!(read == content(at..until), "bytes {at}..{until} differ");
        at = until;
    }
    let border = file.read(CHUNK_BYTES - 3..2 * CHUNK_BYTES + 5).await.unwrap();
    assert!(border == content(CHUNK_BYTES - 3..2 * CHUNK_BYTES + 5), "a read over two borders differs");
    assert!(file.read(7..7).await.unwrap().is_empty());
    let past = file.read(BYTES - 1..BYTES + 1).await.unwrap_err();
    assert_eq!(past, WeightError::Truncated { expected: BYTES + 1, got: BYTES });
}

pub async fn keys(name: &str) -> Vec<String> {
    let caches: web_sys::CacheStorage = Reflect::get(&js_sys::global(), &"caches".into()).unwrap().unchecked_into();
    let cache: web_sys::Cache = JsFuture::from(caches.open("cardinal-weights-1")).await.unwrap().unchecked_into();
    let keys: Array = JsFuture::from(cache.keys()).await.unwrap().unchecked_into();
    let urls = keys.iter().map(|key| key.unchecked_into::<web_sys::Request>().url());
    urls.filter(|url| url.contains(&format!("/{name}."))).collect()
}

pub async fn cached(name: &str) -> Option<CachedFile> {
    store::cached_files().await.into_iter().find(|file| file.url.contains(&format!("/{name}.")))
}

pub fn says(error: &dyn std::fmt::Display, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "`{word}` is not in: {text}");
    }
}

/// The host of the page itself.
pub fn host() -> String {
    web_sys::window().unwrap().location().host().unwrap()
}
