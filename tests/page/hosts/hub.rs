//! A stand-in for the host of the large networks, on this machine: one origin that describes and redirects, as Hugging
//! Face does, and another that has the large files. It can be told to misbehave in every way that hosts do, and remembers
//! what it was asked for.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use super::wire::{Listener, Request, head, listen};
use crate::weights::sha256;

pub const WEIGHTS: &str = "model.safetensors";
/// Of every repository, and never its newest name: what was pinned is asked for.
pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
/// Where a connection is cut.
pub const CUT: f64 = 0.6;

/// How files of weights are sent; whatever lies beside them always comes as it should.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    Honest,
    /// Bytes a second.
    Slow(f64),
    /// Cut at [`CUT`] of the file, the first time only.
    CutOnce,
    /// The same from a host that knows no ranges: it begins anew every time.
    CutOnceWithoutRanges,
    /// Nothing beyond [`CUT`] ever comes.
    CutAlways,
    Status(u16),
    /// A web page about the error, with a status that says that all is well.
    Html,
    /// The last byte is not the one that was described.
    WrongHash,
    /// The file ends at [`CUT`], and the host thinks that is all.
    Truncated,
    Gzip,
    /// Connections are taken and dropped.
    Offline,
}

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whether it was the origin of the large files.
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
        let cdn = listen(move |request, stream| of_cdn.answer(request, stream, None));
        let elsewhere = cdn.origin.clone();
        let host = listen(move |request, stream| of_host.answer(request, stream, Some(&elsewhere)));
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

impl State {
    /// `cdn` is where large files are, for the origin that only points there.
    fn answer(&self, request: &Request, stream: &mut TcpStream, cdn: Option<&str>) -> io::Result<()> {
        let manner = *locked(&self.manner);
        let asked = Asked { cdn: cdn.is_none(), path: request.path.clone(), from: request.from() };
        locked(&self.asked).push(asked);
        if manner == Manner::Offline {
            return Ok(());
        }
        if let Some(described) = request.path.strip_prefix("/api/models/") {
            return self.describe(described, request, stream);
        }
        let file = locked(&self.files).get(&request.path).cloned();
        let large = request.path.ends_with(WEIGHTS);
        match (file, cdn) {
            (None, _) => text(stream, 404, "text/plain", "Entry not found", request),
            (Some(file), None) => self.send(&file, request, stream),
            (Some(file), Some(_)) if !large => {
                text(stream, 200, "text/plain", &std::fs::read_to_string(&file.file)?, request)
            }
            (Some(file), Some(cdn)) => match manner {
                Manner::Status(status) => text(stream, status, "text/plain", "no", request),
                Manner::Html => text(stream, 200, "text/html", "<!doctype html><h1>Sign in</h1>", request),
                _ => {
                    let mut headers = opened(request);
                    headers.push(("Location", format!("{cdn}{}?signature=of-today", request.path)));
                    headers.push(("X-Linked-ETag", format!("\"{}\"", file.sha256)));
                    headers.push(("Content-Length", "0".into()));
                    head(stream, 302, &headers)
                }
            },
        }
    }

    fn describe(&self, described: &str, request: &Request, stream: &mut TcpStream) -> io::Result<()> {
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
        drop(files);
        text(stream, 200, "application/json", &description.to_string(), request)
    }

    /// A large file, as the manner wants it.
    fn send(&self, shelved: &Shelved, request: &Request, stream: &mut TcpStream) -> io::Result<()> {
        let manner = *locked(&self.manner);
        let mut headers = vec![
            // A request that was sent on from another origin has none of its own any more.
            ("Access-Control-Allow-Origin", "*".to_owned()),
            ("Access-Control-Expose-Headers", "Accept-Ranges,Content-Range,Content-Type,ETag".into()),
            ("Content-Type", "application/octet-stream".into()),
            ("ETag", format!("\"{}\"", shelved.sha256)),
        ];
        let mut file = File::open(&shelved.file)?;
        if manner == Manner::Gzip {
            let mut all = GzEncoder::new(Vec::new(), Compression::new(1));
            io::copy(&mut file, &mut all)?;
            let all = all.finish()?;
            headers.push(("Content-Encoding", "gzip".into()));
            headers.push(("Content-Length", all.len().to_string()));
            head(stream, 200, &headers)?;
            return stream.write_all(&all);
        }
        let ranges = manner != Manner::CutOnceWithoutRanges;
        let cut = (shelved.bytes as f64 * CUT) as u64;
        let total = if manner == Manner::Truncated { cut } else { shelved.bytes };
        let from = request.from().filter(|&from| ranges && from < total);
        let start = from.unwrap_or(0);
        headers.push(("Content-Length", (total - start).to_string()));
        if ranges {
            headers.push(("Accept-Ranges", "bytes".into()));
        }
        if from.is_some() {
            headers.push(("Content-Range", format!("bytes {start}-{}/{total}", total - 1)));
        }
        head(stream, if from.is_some() { 206 } else { 200 }, &headers)?;
        let once = matches!(manner, Manner::CutOnce | Manner::CutOnceWithoutRanges);
        let cuts = manner == Manner::CutAlways || once && !std::mem::replace(&mut *locked(&self.cut), true);
        let wrong = manner == Manner::WrongHash;
        let end = if cuts { cut.max(start) } else { total - u64::from(wrong) };
        file.seek(SeekFrom::Start(start))?;
        let rate = if let Manner::Slow(rate) = manner { rate } else { f64::INFINITY };
        pour(&mut (&file).take(end - start), stream, rate)?;
        if wrong {
            let mut last = [0];
            file.read_exact(&mut last)?;
            stream.write_all(&[!last[0]])?;
        }
        if cuts && end > start {
            // Browsers drop what they have not yet given to the page when a connection breaks.
            thread::sleep(Duration::from_secs(1));
        }
        Ok(())
    }
}

/// Copies at no more than `rate` bytes a second.
fn pour(from: &mut impl Read, stream: &mut TcpStream, rate: f64) -> io::Result<()> {
    let (start, mut sent, mut part) = (Instant::now(), 0, vec![0; 256 << 10]);
    loop {
        let count = from.read(&mut part)?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(&part[..count])?;
        sent += count;
        let due = Duration::from_secs_f64(sent as f64 / rate);
        thread::sleep(due.saturating_sub(start.elapsed()));
    }
}

/// What the real host lets every page on the web see.
fn opened(request: &Request) -> Vec<(&'static str, String)> {
    let origin = request.header("origin").unwrap_or("*").to_owned();
    let exposed = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,\
        Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";
    vec![
        ("Access-Control-Allow-Origin", origin),
        ("Vary", "Origin".into()),
        ("Access-Control-Expose-Headers", exposed.into()),
        ("X-Repo-Commit", COMMIT.into()),
    ]
}

fn text(stream: &mut TcpStream, status: u16, media: &str, body: &str, request: &Request) -> io::Result<()> {
    let mut headers = opened(request);
    headers.push(("Content-Type", media.into()));
    headers.push(("Content-Length", body.len().to_string()));
    head(stream, status, &headers)?;
    stream.write_all(body.as_bytes())
}
