//! Callers of the gateway: by a proper client, or byte by byte.

use super::{Gate, TENANT};
use bytes::Bytes;
use einlass_proxy::body::{Body, full};
use http::request::Builder;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response that was read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: Option<HeaderMap>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) fn h1() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

pub(crate) fn h2() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).http2_only(true).build_http()
}

/// Sends over HTTP/1.1 and reads the whole answer.
pub(crate) async fn call(request: Request<Body>) -> Answer {
    let response = h1().request(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let collected = body.collect().await.unwrap();
    let trailers = collected.trailers().cloned();
    Answer { status: parts.status, headers: parts.headers, body: collected.to_bytes(), trailers }
}

/// Sends these bytes and reads whatever comes back, until the gateway closes.
pub(crate) async fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

impl Gate {
    pub(crate) fn request(&self, method: &str, path: &str) -> Builder {
        Request::builder().method(method).uri(format!("http://{}{path}", self.address))
    }

    /// A request with everything that it needs: a machine token for `items.read` and `items.write`.
    pub(crate) fn good(&self, method: &str, path: &str) -> Builder {
        self.with_token(method, path, &self.issuer.machine("items.read items.write"))
    }

    /// A request with a tenant and this token.
    pub(crate) fn with_token(&self, method: &str, path: &str, token: &str) -> Builder {
        let authorization = format!("Bearer {token}");
        self.request(method, path).header("authorization", authorization).header("x-tenant-id", TENANT)
    }
}

/// Requests without a body.
pub(crate) trait Empty {
    fn empty(self) -> Request<Body>;
}

impl Empty for Builder {
    fn empty(self) -> Request<Body> {
        self.body(full("")).unwrap()
    }
}
