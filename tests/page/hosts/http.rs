//! HTTP/1.1 on a port of this machine, by hyper. A test decides what is answered, and may drop a connection instead of
//! answering or cut an answer off.

use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::net::Ipv4Addr;

use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// A body that may end in an error, which cuts the connection.
pub type Body = BoxBody<Bytes, Dropped>;

/// A connection is closed before its answer is complete.
#[derive(Debug)]
pub struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the test drops this connection")
    }
}

impl std::error::Error for Dropped {}

/// Listens until it is dropped.
pub struct Listener {
    pub origin: String,
    /// Missing only while it is dropped.
    runtime: Option<Runtime>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A visit, which drops its server, runs on a runtime too: there, waiting for another to end is forbidden.
            runtime.shutdown_background();
        }
    }
}

/// Answers every request on a port of this machine; an error closes the connection without an answer. Each connection has
/// one request, so that what is decided for the next holds for all that come then.
pub fn listen(
    answer: impl Fn(&Request<Incoming>) -> Result<Response<Body>, Dropped> + Clone + Send + 'static,
) -> Listener {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on this machine");
    let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
    listener.set_nonblocking(true).expect("the system can do that");
    let accepts = async move {
        let listener = TcpListener::from_std(listener).expect("a runtime runs");
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let answer = answer.clone();
            let service = service_fn(move |request| ready(answer(&request)));
            // A connection that is dropped or left half-way ends in an error.
            tokio::spawn(http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service));
        }
    };
    runtime.spawn(accepts);
    Listener { origin, runtime: Some(runtime) }
}

/// An answer with these headers and a body at once.
pub fn answer(status: u16, headers: &[(HeaderName, &str)], body: impl Into<Bytes>) -> Response<Body> {
    let body = body.into();
    let mut headers = headers.to_vec();
    let length = body.len().to_string();
    headers.push((CONTENT_LENGTH, &length));
    answer_with(status, &headers, Full::new(body).map_err(|never: Infallible| match never {}).boxed())
}

/// An answer with a body that comes as it likes.
pub fn answer_with(status: u16, headers: &[(HeaderName, &str)], body: Body) -> Response<Body> {
    let response = Response::builder().status(status);
    let response = headers.iter().fold(response, |response, (name, value)| response.header(name, *value));
    response.body(body).expect("the headers are valid")
}
