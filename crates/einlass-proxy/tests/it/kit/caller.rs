//! Callers of the gateway: by a proper client, or byte by byte.

use super::{Gate, KEY, Pki, TENANT};
use bytes::Bytes;
use einlass_proxy::body::{Body, full};
use http::request::Builder;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
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

/// Speaks TLS with servers of this authority: HTTP/2 where they offer it.
pub(crate) fn trusting(pki: &Pki) -> Client<HttpsConnector<HttpConnector>, Body> {
    let https = HttpsConnectorBuilder::new().with_tls_config(pki.trusting()).https_only();
    Client::builder(TokioExecutor::new()).build(https.enable_all_versions().build())
}

/// Sends over HTTP/1.1 and reads the whole answer.
pub(crate) async fn call(request: Request<Body>) -> Answer {
    read(h1().request(request).await.unwrap()).await
}

/// Reads the whole answer.
pub(crate) async fn read(response: Response<Incoming>) -> Answer {
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

    /// A request with the key of an on-premise app.
    pub(crate) fn with_key(&self, method: &str, path: &str) -> Builder {
        self.request(method, path).header("authorization", format!("Wawi {KEY}"))
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
