//! A static server for `dist/`, under a sub-path: what the least of hosts does.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Where the page lies on the server, so that an address that begins at the root finds nothing.
const FOLDER: &str = "/deep/er/";

static ASLEEP: AtomicBool = AtomicBool::new(false);

/// As long as it lives, the server drops every connection.
pub struct Asleep(());

impl Drop for Asleep {
    fn drop(&mut self) {
        ASLEEP.store(false, Ordering::SeqCst);
    }
}

pub fn sleep() -> Asleep {
    ASLEEP.store(true, Ordering::SeqCst);
    Asleep(())
}

/// Serves `dist` until the process ends and returns the page's address.
pub fn serve(dist: PathBuf) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}{FOLDER}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let dist = dist.clone();
            thread::spawn(move || {
                // A browser that leaves half-way is no error of ours.
                let _ = answer(stream, &dist);
            });
        }
    });
    Ok(address)
}

fn answer(mut stream: TcpStream, dist: &Path) -> io::Result<()> {
    // The headers are read and dropped: closing a socket with unread bytes resets it.
    let mut lines = BufReader::new(stream.try_clone()?).take(16 << 10).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    if ASLEEP.load(Ordering::SeqCst) {
        return Ok(());
    }
    let target = request.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let file = path.strip_prefix(FOLDER).filter(|path| !path.contains("..")).map(|path| match path {
        "" => dist.join("index.html"),
        path => dist.join(path),
    });
    let body = file.as_ref().and_then(|file| std::fs::read(file).ok());
    let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
    let (media, body) = (file.as_deref().map_or("text/plain", media), body.unwrap_or_default());
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
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
