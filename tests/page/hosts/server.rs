//! A static server for `dist/`, under a sub-path: what the least of hosts does. Every visit has one, and so an origin, of its
//! own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper::Response;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue};

use super::http::{Body, Dropped, Listener, answer, listen};

/// Where the page lies on the server, so that an address that begins at the root finds nothing.
const FOLDER: &str = "/deep/er/";

/// Whether an address is that of the page's worker: of its own script, not of what that imports.
pub fn is_worker(address: &str) -> bool {
    is_script(address, "worker")
}

/// Whether it is that of the worker that trains.
pub fn is_trainer(address: &str) -> bool {
    is_script(address, "trainer")
}

fn is_script(address: &str, worker: &str) -> bool {
    let name = address.rsplit('/').next().unwrap_or_default();
    name.strip_prefix(worker).is_some_and(|rest| rest == ".js" || rest.starts_with('-') && rest.ends_with(".js"))
}

pub struct Server {
    /// Of the page.
    pub address: String,
    asleep: Arc<AtomicBool>,
    before_worker: Arc<Mutex<String>>,
    spoil: Arc<Mutex<Spoil>>,
    // Serves until it is dropped.
    _listener: Listener,
}

/// What a server does to some of the page's files.
#[derive(Clone, Copy, Debug)]
pub enum Spoilt {
    /// It has none.
    Missing,
    /// They come after this time.
    Late(Duration),
    /// They come as this media type.
    As(&'static str),
    /// They come with this policy beside their own.
    Under(&'static str),
    /// They come with the headers of a page that may share memory among its threads.
    Isolated,
}

/// Which files, and what is done to them.
type Spoil = Option<(fn(&str) -> bool, Spoilt)>;

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
        let spoil: Arc<Mutex<Spoil>> = Arc::default();
        let (sleeps, script, spoils) = (asleep.clone(), before_worker.clone(), spoil.clone());
        let listener = listen(move |request| {
            if sleeps.load(Ordering::SeqCst) {
                return Err(Dropped);
            }
            let script = script.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let path = request.uri().path();
            let spoil = *spoils.lock().unwrap_or_else(PoisonError::into_inner);
            match spoil.filter(|(is_it, _)| is_it(path)) {
                Some((_, Spoilt::Missing)) => Ok(missing()),
                Some((_, Spoilt::Late(time))) => Ok(late(file(path, &dist, &script), time)),
                Some((_, Spoilt::As(media))) => Ok(with(file(path, &dist, &script), CONTENT_TYPE, media)),
                Some((_, Spoilt::Under(policy))) => {
                    Ok(with(file(path, &dist, &script), CONTENT_SECURITY_POLICY, policy))
                }
                Some((_, Spoilt::Isolated)) => {
                    let opened = with(
                        file(path, &dist, &script),
                        HeaderName::from_static("cross-origin-opener-policy"),
                        "same-origin",
                    );
                    Ok(with(opened, HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"))
                }
                None => Ok(file(path, &dist, &script)),
            }
        });
        Self { address: format!("{}{FOLDER}", listener.origin), asleep, before_worker, spoil, _listener: listener }
    }

    /// From now on, workers are given this script before their own.
    pub fn before_worker(&self, script: &str) {
        script.clone_into(&mut self.before_worker.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// From now on, this is done to the files whose paths `is_it`.
    pub fn spoil(&self, is_it: fn(&str) -> bool, how: Spoilt) {
        *self.spoil.lock().unwrap_or_else(PoisonError::into_inner) = Some((is_it, how));
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
        return missing();
    };
    if path.is_some_and(is_worker) {
        body.splice(..0, before_worker.bytes());
    }
    let media = mime_guess::from_path(file).first_or_octet_stream();
    answer(200, &[(CONTENT_TYPE, media.as_ref()), (CACHE_CONTROL, "no-cache")], body)
}

fn missing() -> Response<Body> {
    answer(404, &[(CONTENT_TYPE, "text/plain")], "not found")
}

/// The same answer with another header.
fn with(mut answer: Response<Body>, name: HeaderName, value: &'static str) -> Response<Body> {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
    answer
}

/// The same answer, whose body comes after this time.
fn late(answer: Response<Body>, time: Duration) -> Response<Body> {
    let (head, body) = answer.into_parts();
    let (mut sender, late) = Channel::new(1);
    tokio::spawn(async move {
        tokio::time::sleep(time).await;
        if let Ok(body) = body.collect().await {
            // A browser that has left is no error of ours.
            let _ = sender.send_data(body.to_bytes()).await;
        }
    });
    Response::from_parts(head, late.boxed())
}
