//! A static server for `dist/`, under a sub-path: what the least of hosts does. Every visit has one, and so an origin, of its
//! own.

use std::io;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::wire::{Listener, Request, head, listen};

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
        let listener = listen(move |request, stream| {
            if sleeps.load(Ordering::SeqCst) {
                return Ok(());
            }
            let script = script.lock().unwrap_or_else(PoisonError::into_inner).clone();
            answer(request, stream, &dist, &script)
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

fn answer(request: &Request, stream: &mut TcpStream, dist: &Path, before_worker: &str) -> io::Result<()> {
    let path = request.path.strip_prefix(FOLDER).filter(|path| !path.contains(".."));
    let file = path.map(|path| dist.join(if path.is_empty() { "index.html" } else { path }));
    let body = file.as_ref().and_then(|file| std::fs::read(file).ok());
    let status = if body.is_some() { 200 } else { 404 };
    let mut body = body.unwrap_or_default();
    if path.is_some_and(is_worker) {
        body.splice(..0, before_worker.bytes());
    }
    let media = file.as_deref().map_or("text/plain", media);
    let headers = [("Content-Type", media.into()), ("Content-Length", body.len().to_string())];
    head(stream, status, &[headers.as_slice(), &[("Cache-Control", "no-cache".into())]].concat())?;
    io::Write::write_all(stream, &body)
}

fn media(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("jpg") => "image/jpeg",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
