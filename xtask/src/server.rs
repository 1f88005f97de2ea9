//! A static file server for one folder. It does what any static host does and nothing that a host might not do (no injected
//! script), so that the page works wherever it is put.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::Sender;

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::runtime::Builder;
use tower_http::services::ServeDir;

/// The longest body that is read, in bytes. Results of a measurement are some kilobytes.
const POST_LIMIT: usize = 16 * 1024 * 1024;

/// What isolates a page that is measured: it may share memory among its threads, as some engines need.
const ISOLATED: [(&str, &str); 2] =
    [("cross-origin-opener-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp")];

/// What a page of ours posted: the target and the body.
pub type Post = (String, String);

/// Answers requests until the process ends.
///
/// # Errors
///
/// Where the listener cannot be used.
pub fn serve(listener: TcpListener, folder: &Path) -> io::Result<()> {
    answer_all(listener, folder, None)
}

/// As [`serve`], and sends what is posted to `posts`.
///
/// # Errors
///
/// As [`serve`].
pub fn serve_and_listen(listener: TcpListener, folder: &Path, posts: &Sender<Post>) -> io::Result<()> {
    answer_all(listener, folder, Some(posts))
}

fn answer_all(listener: TcpListener, folder: &Path, posts: Option<&Sender<Post>>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let files = ServeDir::new(folder);
        loop {
            // A connection that ended before it was accepted is the client's business.
            let Ok((stream, _)) = listener.accept().await else { continue };
            let (files, posts) = (files.clone(), posts.cloned());
            let service = service_fn(move |request| answer(request, files.clone(), posts.clone()));
            // A browser that closes the connection half-way is not an error of the server.
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    })
}

async fn answer(
    request: Request<Incoming>,
    mut files: ServeDir,
    posts: Option<Sender<Post>>,
) -> io::Result<Response<UnsyncBoxBody<Bytes, io::Error>>> {
    let is_measured = posts.is_some();
    if let (&Method::POST, Some(posts)) = (request.method(), posts) {
        let target = request.uri().to_string();
        let body = Limited::new(request.into_body(), POST_LIMIT).collect().await.map_err(io::Error::other)?;
        // The receiver is gone once the measurement has ended.
        let _ = posts.send((target, String::from_utf8_lossy(&body.to_bytes()).into_owned()));
        let mut response = Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
        *response.status_mut() = StatusCode::NO_CONTENT;
        return Ok(response);
    }
    let mut response = files.try_call(request).await?.map(BodyExt::boxed_unsync);
    // The browser asks again after every build. Names with a hash would not need it; index.html does.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    for (name, value) in ISOLATED.into_iter().filter(|_| is_measured) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

    /// The address of a server for a folder.
    fn serve_at(folder: &Path, posts: Option<Sender<Post>>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let folder = folder.to_owned();
        thread::spawn(move || answer_all(listener, &folder, posts.as_ref()));
        address
    }

    fn ask(request: &str, posts: Option<Sender<Post>>) -> String {
        ask_in(Path::new(FOLDER), request, posts)
    }

    /// The whole reply to a request's first line, headers and body, on a connection that is closed after it.
    fn ask_in(folder: &Path, request: &str, posts: Option<Sender<Post>>) -> String {
        let mut stream = TcpStream::connect(serve_at(folder, posts)).expect("the server listens");
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
            ("GET /Cargo.toml?v=1 HTTP/1.1", "200 OK", "Content-Type: text/x-toml"),
            ("GET /src/ma%69n.rs HTTP/1.1", "200 OK", "Cache-Control: no-cache"),
            ("GET /src HTTP/1.1", "307 Temporary Redirect", "Location: /src/"),
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
        // The page tells from the length how far a download is.
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
        let folder = std::env::temp_dir().join(format!("cardinal-server-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        for (name, media) in [
            ("cardinal-page-1f2e_bg.wasm", "application/wasm"),
            ("cardinal-page-1f2e.js", "text/javascript"),
            ("index.html", "text/html"),
            ("CAT.JPG", "image/jpeg"),
            ("model.safetensors", "application/octet-stream"),
            ("LICENSE", "application/octet-stream"),
        ] {
            fs::write(folder.join(name), "x").expect("a file");
            let reply = ask_in(&folder, &format!("GET /{name} HTTP/1.1\r\n\r\n"), None);
            assert!(has_header(&reply, &format!("Content-Type: {media}")), "{name}: {reply}");
        }
        fs::remove_dir_all(&folder).expect("the folder");
    }

    /// As Chromium does: connections that stay open without a request must not keep others waiting.
    #[test]
    fn idle_connections_hold_nobody_up() {
        let address = serve_at(Path::new(FOLDER), None);
        let mut streams: Vec<TcpStream> =
            (0..40).map(|_| TcpStream::connect(address).expect("the server listens")).collect();
        for stream in streams.iter_mut().rev() {
            stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("a timeout");
            stream.write_all(b"HEAD /Cargo.toml HTTP/1.1\r\nHost: x\r\n\r\n").expect("the server reads");
            let mut reply = [0; 15];
            stream.read_exact(&mut reply).expect("an answer in time");
            assert_eq!(&reply, b"HTTP/1.1 200 OK");
        }
    }
}
