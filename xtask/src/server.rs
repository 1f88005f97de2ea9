//! A static file server for one folder. It does what any static host does and nothing that a host might not do (no injected
//! script, no special headers), so that the page works wherever it is put.
//!
//! The library is `tiny_http`: this is the first crate that a fresh machine compiles, and an asynchronous server takes nine
//! times as long.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::net::TcpListener;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::Sender;
use std::thread;

use mime_guess::mime;
use percent_encoding::percent_decode_str;
use tiny_http::{Header, Method, Request, Response, Server};

/// The longest body that is read. Results of a measurement are some kilobytes.
const POST_LIMIT: usize = 16 * 1024 * 1024;

/// What a page of ours posted: the target and the body.
pub type Post = (String, String);

/// Answers requests until the process ends.
///
/// # Errors
///
/// Where the listener cannot be used.
pub fn serve(listener: TcpListener, folder: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    answer_all(listener, folder, None)
}

/// As [`serve`], and sends what is posted to `posts`.
///
/// # Errors
///
/// As [`serve`].
pub fn serve_and_listen(
    listener: TcpListener,
    folder: &Path,
    posts: &Sender<Post>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    answer_all(listener, folder, Some(posts))
}

fn answer_all(
    listener: TcpListener,
    folder: &Path,
    posts: Option<&Sender<Post>>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    for request in Server::from_listener(listener, None)?.incoming_requests() {
        let (folder, posts) = (folder.to_owned(), posts.cloned());
        thread::spawn(move || {
            // A browser that closes the connection half-way is not an error of the server.
            let _ = answer(request, &folder, posts.as_ref());
        });
    }
    Ok(())
}

fn answer(mut request: Request, folder: &Path, posts: Option<&Sender<Post>>) -> io::Result<()> {
    match (request.method(), posts, request.body_length().unwrap_or(0)) {
        (Method::Get | Method::Head, _, _) => {}
        (Method::Post, Some(posts), ..=POST_LIMIT) => {
            let target = request.url().to_owned();
            let mut body = String::new();
            request.as_reader().take(POST_LIMIT as u64).read_to_string(&mut body)?;
            // The receiver is gone once the measurement has ended.
            let _ = posts.send((target, body));
            return request.respond(Response::empty(204));
        }
        _ => return refuse(request, 405, "Method Not Allowed"),
    }
    let target = request.url().split(['?', '#']).next().unwrap_or_default().to_owned();
    let Some(mut path) = resolve(folder, &target) else {
        return refuse(request, 404, "Not Found");
    };
    if path.is_dir() {
        if !target.ends_with('/') {
            // Without the slash, the page's relative addresses would point beside the folder.
            let name = target.rsplit('/').next().unwrap_or_default();
            return request.respond(Response::empty(301).with_header(header("Location", &format!("./{name}/"))));
        }
        path.push("index.html");
    }
    let Ok(file) = File::open(&path) else {
        return refuse(request, 404, "Not Found");
    };
    let response = Response::from_file(file)
        // Never in chunks: the page tells from the length how far a download is.
        .with_chunked_threshold(usize::MAX)
        .with_header(header("Content-Type", &media_type(&path)))
        // The browser asks again after every build. Names with a hash would not need it; index.html does.
        .with_header(header("Cache-Control", "no-cache"));
    request.respond(response)
}

fn refuse(request: Request, status: u16, reason: &str) -> io::Result<()> {
    request.respond(Response::from_string(format!("{status} {reason}")).with_status_code(status))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names are ours, and values are ASCII without line ends")
}

/// The media type by the file's extension; our texts are UTF-8. `application/wasm` is the one that matters: without it browsers
/// refuse to compile a module while it is still arriving.
fn media_type(path: &Path) -> String {
    let media = mime_guess::from_path(path).first_or_octet_stream();
    if media.type_() == mime::TEXT { format!("{media}; charset=utf-8") } else { media.to_string() }
}

/// The file or folder that a request's path names, if it exists and lies in `folder`.
fn resolve(folder: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
    let relative = Path::new(decoded.as_ref());
    // `..`, a second root, a drive letter, a backslash: nothing that could lead out of the folder.
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside || decoded.contains(['\\', '\0']) {
        return None;
    }
    let full = folder.join(relative);
    fs::exists(&full).ok()?.then_some(full)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpStream;
    use std::sync::mpsc;

    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

    /// The whole reply to a request's first line, headers and body, on a connection that is closed after it.
    fn ask(request: &str, posts: Option<Sender<Post>>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        thread::spawn(move || answer_all(listener, Path::new(FOLDER), posts.as_ref()));
        let mut stream = TcpStream::connect(address).expect("the server listens");
        let (line, rest) = request.split_once("\r\n").expect("a line");
        write!(stream, "{line}\r\nConnection: close\r\n{rest}").expect("the server reads");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("the reply is UTF-8");
        reply
    }

    fn has_header(reply: &str, header: &str) -> bool {
        reply.split("\r\n\r\n").next().is_some_and(|head| head.lines().any(|line| line.eq_ignore_ascii_case(header)))
    }

    #[test]
    fn files_folders_and_refusals() {
        for (request, status, header) in [
            ("GET /Cargo.toml?v=1 HTTP/1.1", "200 OK", "Content-Type: text/x-toml; charset=utf-8"),
            ("GET /src/ma%69n.rs HTTP/1.1", "200 OK", "Cache-Control: no-cache"),
            ("GET /src HTTP/1.1", "301 Moved Permanently", "Location: ./src/"),
            ("GET /src/ HTTP/1.1", "404 Not Found", ""),
            ("GET /../Cargo.toml HTTP/1.1", "404 Not Found", ""),
            ("GET /%2e%2e/Cargo.toml HTTP/1.1", "404 Not Found", ""),
            ("GET //etc/passwd HTTP/1.1", "404 Not Found", ""),
            ("POST / HTTP/1.1", "405 Method Not Allowed", ""),
            ("", "400 Bad Request", ""),
        ] {
            let reply = ask(&format!("{request}\r\n\r\n"), None);
            assert!(reply.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request:?}: {reply:?}");
            assert!(header.is_empty() || has_header(&reply, header), "{request:?}: {reply:?}");
        }
    }

    #[test]
    fn the_body_is_the_file_and_head_leaves_it_out() {
        // The second is long enough for the library to send it in chunks, were it allowed to.
        for (name, text) in
            [("Cargo.toml", include_str!("../../Cargo.toml")), ("Cargo.lock", include_str!("../../Cargo.lock"))]
        {
            let length = format!("Content-Length: {}", text.len());
            let reply = ask(&format!("GET /{name} HTTP/1.1\r\n\r\n"), None);
            assert!(reply.split_once("\r\n\r\n").is_some_and(|(_, body)| body == text), "{name} has another body");
            assert!(has_header(&reply, &length), "{name}");
            let reply = ask(&format!("HEAD /{name} HTTP/1.1\r\n\r\n"), None);
            assert!(has_header(&reply, &length), "{reply}");
            assert!(reply.ends_with("\r\n\r\n"), "{reply}");
        }
    }

    #[test]
    fn a_post_is_sent_on() {
        let (posts, inbox) = mpsc::channel();
        let reply = ask("POST /post/log HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello", Some(posts));
        assert!(reply.starts_with("HTTP/1.1 204"), "{reply}");
        assert_eq!(inbox.recv().expect("it is sent on"), ("/post/log".to_owned(), "hello".to_owned()));
    }

    #[test]
    fn media_types_by_extension() {
        for (name, media) in [
            ("cardinal-page-1f2e_bg.wasm", "application/wasm"),
            ("cardinal-page-1f2e.js", "text/javascript; charset=utf-8"),
            ("index.html", "text/html; charset=utf-8"),
            ("CAT.JPG", "image/jpeg"),
            ("model.safetensors", "application/octet-stream"),
            ("LICENSE", "application/octet-stream"),
        ] {
            assert_eq!(media_type(Path::new(name)), media, "{name}");
        }
    }
}
