//! A stand-in for the host of the large networks, on this machine: one origin that describes and redirects, as Hugging
//! Face does, and another that has the large files. It can be told to misbehave in every way that hosts do, and remembers
//! what it was asked for.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, LOCATION, ORIGIN, RANGE, VARY,
};
use hyper::{Request, Response};
use serde_json::json;

use super::http::{Body, Dropped, Listener, answer, answer_with, listen};
use crate::weights::sha256;

pub const WEIGHTS: &str = "model.safetensors";
/// The commit of every repository: the page asks for a pinned one.
pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
/// Where a connection is cut.
pub const CUT: f64 = 0.6;

/// How files of weights are sent; the files beside them are always sent honestly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    Honest,
    /// Bytes per second.
    Slow(f64),
    /// Cut at [`CUT`] of the file, the first time only.
    CutOnce,
    /// The same from a host without ranges: it starts from the first byte every time.
    CutOnceWithoutRanges,
    /// Nothing beyond [`CUT`] ever comes.
    CutAlways,
    Status(u16),
    /// A web page about the error, with status 200.
    Html,
    /// The last byte differs, so that the hash does not match.
    WrongHash,
    /// The file ends at [`CUT`], with a length that says so.
    Truncated,
    Gzip,
    /// Connections are taken and dropped.
    Offline,
}

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whether the origin of the large files got it.
    pub cdn: bool,
    pub path: String,
    pub from: Option<u64>,
}

struct Shelved {
    file: PathBuf,
    bytes: u64,
    sha256: String,
}

struct State {
    files: Mutex<HashMap<String, Arc<Shelved>>>,
    manner: Mutex<Manner>,
    cut: Mutex<bool>,
    asked: Mutex<Vec<Asked>>,
}

pub struct Hub {
    state: Arc<State>,
    /// The origin that describes and redirects.
    pub host: String,
    /// The origin of the large files.
    pub cdn: String,
    // They serve until they are dropped.
    _listeners: [Listener; 2],
}

impl Hub {
    pub fn open() -> Self {
        let state = Arc::new(State {
            files: Mutex::default(),
            manner: Mutex::new(Manner::Honest),
            cut: Mutex::default(),
            asked: Mutex::default(),
        });
        let (of_cdn, of_host) = (state.clone(), state.clone());
        let cdn = listen(move |request| of_cdn.answer(request, None));
        let elsewhere = cdn.origin.clone();
        let host = listen(move |request| of_host.answer(request, Some(&elsewhere)));
        Self { state, host: host.origin.clone(), cdn: cdn.origin.clone(), _listeners: [host, cdn] }
    }

    /// Puts files into a repository: the weights and what lies beside them.
    pub fn keep(&self, repository: &str, weights: PathBuf, config_json: Option<&str>) {
        let mut files = locked(&self.state.files);
        let folder = format!("/{repository}/resolve/{COMMIT}");
        let name = repository.replace('/', "_");
        if let Some(json) = config_json {
            let file = crate::files::made(&format!("{name}_config.json"), json.as_bytes());
            files.insert(format!("{folder}/config.json"), shelved(file));
        }
        files.insert(format!("{folder}/{WEIGHTS}"), shelved(weights));
    }

    /// The address of a repository's weights.
    pub fn url(&self, repository: &str) -> String {
        format!("{}/{repository}/resolve/{COMMIT}/{WEIGHTS}", self.host)
    }

    pub fn behave(&self, manner: Manner) {
        *locked(&self.state.manner) = manner;
        *locked(&self.state.cut) = false;
    }

    /// What was asked for since the last call.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *locked(&self.state.asked))
    }

    /// First bytes of the requests for large files since the last call.
    pub fn ranges(&self) -> Vec<Option<u64>> {
        let asked = self.asked().into_iter();
        asked.filter(|asked| asked.cdn && asked.path.ends_with(WEIGHTS)).map(|asked| asked.from).collect()
    }

    pub fn origins(&self) -> [String; 2] {
        [self.host.clone(), self.cdn.clone()]
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while holding it")
}

fn shelved(file: PathBuf) -> Arc<Shelved> {
    let bytes = file.metadata().unwrap_or_else(|error| panic!("{}: {error}", file.display())).len();
    let sha256 = sha256(&file);
    Arc::new(Shelved { file, bytes, sha256 })
}

/// `N` of `bytes=N-`, the only range a download is resumed by.
fn range_start(request: &Request<Incoming>) -> Option<u64> {
    let range = request.headers().get(RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

impl State {
    /// `cdn` is where large files are, for the origin that only points there.
    fn answer(&self, request: &Request<Incoming>, cdn: Option<&str>) -> Result<Response<Body>, Dropped> {
        let manner = *locked(&self.manner);
        let path = request.uri().path();
        let asked = Asked { cdn: cdn.is_none(), path: path.to_owned(), from: range_start(request) };
        locked(&self.asked).push(asked);
        if manner == Manner::Offline {
            return Err(Dropped);
        }
        if let Some(described) = path.strip_prefix("/api/models/") {
            return Ok(self.describe(described, request));
        }
        let file = locked(&self.files).get(path).cloned();
        let large = path.ends_with(WEIGHTS);
        Ok(match (file, cdn) {
            (None, _) => text(404, "text/plain", "Entry not found", request),
            (Some(file), None) => self.send(&file, request),
            (Some(file), Some(_)) if !large => {
                text(200, "text/plain", std::fs::read(&file.file).expect("it was put here"), request)
            }
            (Some(file), Some(cdn)) => match manner {
                Manner::Status(status) => text(status, "text/plain", "no", request),
                Manner::Html => text(200, "text/html", "<!doctype html><h1>Sign in</h1>", request),
                _ => {
                    let (location, etag) = (format!("{cdn}{path}?signature=of-today"), format!("\"{}\"", file.sha256));
                    let mut headers = readable_everywhere(request);
                    headers.push((LOCATION, &location));
                    headers.push((HeaderName::from_static("x-linked-etag"), &etag));
                    answer(302, &headers, "")
                }
            },
        })
    }

    fn describe(&self, described: &str, request: &Request<Incoming>) -> Response<Body> {
        let repository = described.split("/revision/").next().unwrap_or_default();
        let folder = format!("/{repository}/resolve/{COMMIT}/");
        let files = locked(&self.files);
        let siblings = files.iter().filter_map(|(path, file)| {
            let name = path.strip_prefix(&folder)?;
            let lfs = json!({ "sha256": file.sha256, "size": file.bytes, "pointerSize": 134 });
            let mut sibling = json!({ "rfilename": name, "size": file.bytes });
            if name == WEIGHTS {
                sibling["lfs"] = lfs;
            }
            Some(sibling)
        });
        let description = json!({ "id": repository, "sha": COMMIT, "siblings": siblings.collect::<Vec<_>>() });
        text(200, "application/json", description.to_string(), request)
    }

    /// A large file, as the manner wants it.
    fn send(&self, shelved: &Shelved, request: &Request<Incoming>) -> Response<Body> {
        let manner = *locked(&self.manner);
        let etag = format!("\"{}\"", shelved.sha256);
        let mut headers = vec![
            // A request that was sent on from another origin has none of its own any more.
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (ACCESS_CONTROL_EXPOSE_HEADERS, "Accept-Ranges,Content-Range,Content-Type,ETag"),
            (CONTENT_TYPE, "application/octet-stream"),
            (ETAG, &etag),
        ];
        let mut file = File::open(&shelved.file).expect("it was put here");
        if manner == Manner::Gzip {
            let mut all = GzEncoder::new(Vec::new(), Compression::new(1));
            io::copy(&mut file, &mut all).expect("it can be read");
            headers.push((CONTENT_ENCODING, "gzip"));
            return answer(200, &headers, all.finish().expect("there is memory"));
        }
        let ranges = manner != Manner::CutOnceWithoutRanges;
        let cut = (shelved.bytes as f64 * CUT) as u64;
        let total = if manner == Manner::Truncated { cut } else { shelved.bytes };
        let from = range_start(request).filter(|&from| ranges && from < total);
        let start = from.unwrap_or(0);
        let (length, range) = ((total - start).to_string(), format!("bytes {start}-{}/{total}", total - 1));
        headers.push((CONTENT_LENGTH, &length));
        if ranges {
            headers.push((ACCEPT_RANGES, "bytes"));
        }
        if from.is_some() {
            headers.push((CONTENT_RANGE, &range));
        }
        let once = matches!(manner, Manner::CutOnce | Manner::CutOnceWithoutRanges);
        let cuts = manner == Manner::CutAlways || once && !std::mem::replace(&mut *locked(&self.cut), true);
        let end = if cuts { cut.max(start) } else { total };
        let wrong = (manner == Manner::WrongHash).then_some(total - 1);
        let rate = if let Manner::Slow(rate) = manner { rate } else { f64::INFINITY };
        file.seek(SeekFrom::Start(start)).expect("it is that long");
        let (sender, body) = Channel::new(1);
        tokio::spawn(async move {
            // A browser that leaves half-way is no error of ours.
            let _ = pour(file, start..end, rate, wrong, sender, cuts).await;
        });
        answer_with(if from.is_some() { 206 } else { 200 }, &headers, body.boxed())
    }
}

/// Sends these bytes of a file, at no more than `rate` per second, the one at `wrong` inverted; then ends the answer, or cuts it.
async fn pour(
    mut file: File,
    range: std::ops::Range<u64>,
    rate: f64,
    wrong: Option<u64>,
    mut sender: Sender<Bytes, Dropped>,
    cuts: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let (clock, mut at) = (Instant::now(), range.start);
    while at < range.end {
        let mut part = vec![0; (range.end - at).min(256 << 10) as usize];
        file.read_exact(&mut part)?;
        if let Some(byte) = wrong.and_then(|wrong| part.get_mut(wrong.checked_sub(at)? as usize)) {
            *byte = !*byte;
        }
        at += part.len() as u64;
        sender.send_data(part.into()).await?;
        let due = Duration::from_secs_f64((at - range.start) as f64 / rate);
        tokio::time::sleep(due.saturating_sub(clock.elapsed())).await;
    }
    if cuts {
        if !range.is_empty() {
            // Browsers drop what they have not yet given to the page when a connection breaks.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        sender.abort(Dropped);
    }
    Ok(())
}

/// What the real host lets every page on the web see.
fn readable_everywhere(request: &Request<Incoming>) -> Vec<(HeaderName, &str)> {
    let origin = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or("*");
    let exposed = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,\
        Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";
    vec![
        (ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        (VARY, "Origin"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, exposed),
        (HeaderName::from_static("x-repo-commit"), COMMIT),
    ]
}

fn text(status: u16, media: &str, body: impl Into<Bytes>, request: &Request<Incoming>) -> Response<Body> {
    let mut headers = readable_everywhere(request);
    headers.push((CONTENT_TYPE, media));
    answer(status, &headers, body)
}
