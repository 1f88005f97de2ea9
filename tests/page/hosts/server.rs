//! A static server for `dist/`, under a sub-path: what the least of hosts does. Every visit has one, and so an origin, of its
//! own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hyper::Response;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::http::{Body, Dropped, Listener, answer, listen};

/// Where the page lies on the server, so that an address that begins at the root finds nothing.
const FOLDER: &str = "/deep/er/";

/// Whether an address is that of the page's worker: of its own script, not of what that imports.
pub fn is_worker(address: &str) -> bool {
    let name = address.rsplit('/').next().unwrap_or_default();
    name == "worker.js" || name.starts_with("worker-") && name.ends_with(".js")
}

pub struct Server {
    /// Of the page.
    pub address: String,
    asleep: Arc<AtomicBool>,
    before_worker: Arc<Mutex<String>>,
    // Serves until it is dropped.
    _listener: Listener,
}

/// As long as it lives, the server drops every connection.
pub struct Asleep(Arc<AtomicBool>);

impl Drop for Asleep {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Server {
    /// Serves `dist`, with a script of the test's own before the worker's.
    pub fn open(dist: PathBuf, before_worker: String) -> Self {
        let asleep = Arc::new(AtomicBool::new(false));
        let before_worker = Arc::new(Mutex::new(before_worker));
        let (sleeps, script) = (asleep.clone(), before_worker.clone());
        let listener = listen(move |request| {
            if sleeps.load(Ordering::SeqCst) {
                return Err(Dropped);
            }
            let script = script.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Ok(file(request.uri().path(), &dist, &script))
        });
        Self { address: format!("{}{FOLDER}", listener.origin), asleep, before_worker, _listener: listener }
    }

    /// From now on, workers are given this script before their own.
    pub fn before_worker(&self, script: &str) {
        script.clone_into(&mut self.before_worker.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub fn sleep(&self) -> Asleep {
        self.asleep.store(true, Ordering::SeqCst);
        Asleep(self.asleep.clone())
    }
}

fn file(path: &str, dist: &Path, before_worker: &str) -> Response<Body> {
    let path = path.strip_prefix(FOLDER).filter(|path| !path.contains(".."));
    let file = path.map(|path| dist.join(if path.is_empty() { "index.html" } else { path }));
    let Some((file, mut body)) = file.and_then(|file| std::fs::read(&file).ok().map(|body| (file, body))) else {
        return answer(404, &[(CONTENT_TYPE, "text/plain")], "not found");
    };
    if path.is_some_and(is_worker) {
        body.splice(..0, before_worker.bytes());
    }
    let media = mime_guess::from_path(file).first_or_octet_stream();
    answer(200, &[(CONTENT_TYPE, media.as_ref()), (CACHE_CONTROL, "no-cache")], body)
}
