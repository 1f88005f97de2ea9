//! A static file server for one folder, over the standard library: what any static host does, and nothing a host might
//! not do (no injected script, no special headers), so that what is seen here is what is shipped.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::mime;

/// A request line and its headers are longer than this only in an attack.
const HEAD_LIMIT: u64 = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

/// Results of a measurement are some kilobytes.
const POST_LIMIT: u64 = 16 * 1024 * 1024;

/// What a page of ours sent: the target and the body.
pub type Post = (String, String);

/// Answers requests until the process ends, one thread each.
pub fn serve(listener: &TcpListener, folder: &Path) {
    accept(listener, folder, None);
}

/// As [`serve`], and hands on what is posted.
pub fn serve_and_listen(listener: &TcpListener, folder: &Path, posts: &Sender<Post>) {
    accept(listener, folder, Some(posts));
}

fn accept(listener: &TcpListener, folder: &Path, posts: Option<&Sender<Post>>) {
    for stream in listener.incoming().flatten() {
        let (folder, posts) = (folder.to_owned(), posts.cloned());
        thread::spawn(move || {
            // A browser that leaves half-way is no error of ours.
            let _ = answer(stream, &folder, posts.as_ref());
        });
    }
}

fn answer(mut stream: TcpStream, folder: &Path, posts: Option<&Sender<Post>>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(&stream);
    let Some(Request { method, target, length }) = read_request(&mut reader)? else {
        return refuse(&mut stream, "400 Bad Request");
    };
    if let Some(posts) = posts.filter(|_| method == "POST" && length <= POST_LIMIT) {
        let mut body = String::new();
        reader.take(length).read_to_string(&mut body)?;
        // Nobody listens any more once the measurement has ended.
        let _ = posts.send((target, body));
        return write!(stream, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    }
    if method != "GET" && method != "HEAD" {
        return refuse(&mut stream, "405 Method Not Allowed");
    }
    let Some(mut path) = resolve(folder, &target) else {
        return refuse(&mut stream, "404 Not Found");
    };
    if path.is_dir() {
        let bare = target.split(['?', '#']).next().unwrap_or_default();
        if !bare.ends_with('/') {
            // Without the slash, the page's relative addresses would point beside the folder.
            let name = bare.rsplit('/').next().unwrap_or_default();
            return write!(
                stream,
                "HTTP/1.1 301 Moved Permanently\r\nLocation: ./{name}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
        path.push("index.html");
    }
    let Ok(mut file) = File::open(&path) else {
        return refuse(&mut stream, "404 Not Found");
    };
    let length = file.metadata()?.len();
    // no-cache: ask again after every build. Names with a hash would not need it; index.html does.
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\nConnection: \
         close\r\n\r\n",
        mime::of(&path)
    )?;
    if method == "GET" {
        io::copy(&mut file, &mut stream)?;
    }
    Ok(())
}

fn refuse(stream: &mut TcpStream, status: &str) -> io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{status}",
        status.len()
    )
}

struct Request {
    method: String,
    target: String,
    /// Bytes of the body.
    length: u64,
}

/// What a request asks for. The headers are read and, but for one, dropped: closing a socket with unread bytes resets it.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut head = reader.take(HEAD_LIMIT);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let request = words.next().zip(words.next()).map(|(method, target)| (method.to_owned(), target.to_owned()));
    let (mut header, mut length) = (String::new(), 0);
    while head.read_line(&mut header)? > 2 {
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
        header.clear();
    }
    Ok(request.map(|(method, target)| Request { method, target, length }))
}

/// The file or folder that a request's target names, if it exists and lies in `folder`.
fn resolve(folder: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode(path.strip_prefix('/')?)?;
    let relative = Path::new(&decoded);
    // `..`, a second root, a drive letter, a backslash: nothing that could lead out.
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside || decoded.contains(['\\', '\0']) {
        return None;
    }
    let full = folder.join(relative);
    fs::exists(&full).ok()?.then_some(full)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATE: &str = env!("CARGO_MANIFEST_DIR");

    fn ask(request: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        thread::spawn(move || serve(&listener, Path::new(CRATE)));
        let mut stream = TcpStream::connect(address).expect("the server listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("it answers in UTF-8");
        reply
    }

    #[test]
    fn files_folders_and_refusals() {
        for (request, expected) in [
            ("GET /Cargo.toml?v=1 HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/octet"),
            ("GET /src/ma%69n.rs HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK"),
            ("GET /src HTTP/1.1\r\n\r\n", "HTTP/1.1 301 Moved Permanently\r\nLocation: ./src/\r\n"),
            ("GET /src/ HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"),
            ("GET /../Cargo.toml HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"),
            ("GET /%2e%2e/Cargo.toml HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"),
            ("GET //etc/passwd HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"),
            ("POST / HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"),
            ("\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        ] {
            let reply = ask(request);
            assert!(reply.starts_with(expected), "{request:?}: {reply:?}");
        }
    }

    #[test]
    fn the_body_is_the_file_and_head_leaves_it_out() {
        let manifest = include_str!("../Cargo.toml");
        let reply = ask("GET /Cargo.toml HTTP/1.1\r\n\r\n");
        assert_eq!(reply.split_once("\r\n\r\n").expect("a head and a body").1, manifest);
        let reply = ask("HEAD /Cargo.toml HTTP/1.1\r\n\r\n");
        assert!(reply.contains(&format!("Content-Length: {}\r\n", manifest.len())), "{reply}");
        assert!(reply.ends_with("\r\n\r\n"), "{reply}");
    }

    #[test]
    fn a_post_is_handed_on() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (posts, inbox) = std::sync::mpsc::channel();
        thread::spawn(move || serve_and_listen(&listener, Path::new(CRATE), &posts));
        let mut stream = TcpStream::connect(address).expect("the server listens");
        stream.write_all(b"POST /post/log HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello").expect("it reads");
        assert_eq!(inbox.recv().expect("it is handed on"), ("/post/log".to_owned(), "hello".to_owned()));
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("it answers");
        assert!(reply.starts_with("HTTP/1.1 204"), "{reply}");
    }
}
