//! Connections to upstreams, plain or TLS, HTTP/1.1 or by ALPN HTTP/2, within a bound of time.

use super::tls::UpstreamTls;
use crate::body::BoxError;
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tower::Service;

/// The connection was not there in time.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no connection within {0:?}")]
pub(super) struct ConnectTimedOut(Duration);

/// Connects, with TLS where the target says `https`.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    inner: HttpsConnector<HttpConnector>,
    limit: Duration,
}

/// What to offer to an upstream by ALPN.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Versions {
    All,
    /// The only one whose connections can become something else.
    Http1,
}

impl Connector {
    pub(super) fn new(limit: Duration, tls: &UpstreamTls, versions: Versions) -> io::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let https = HttpsConnectorBuilder::new().with_tls_config(tls.config()?);
        let https = https.https_or_http();
        let inner = match versions {
            Versions::All => https.enable_all_versions().wrap_connector(tcp),
            Versions::Http1 => https.enable_http1().wrap_connector(tcp),
        };
        Ok(Self { inner, limit })
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let (connection, limit) = (self.inner.call(target), self.limit);
        Box::pin(async move {
            let connected = tokio::time::timeout(limit, connection).await;
            connected.map_err(|_| ConnectTimedOut(limit))?
        })
    }
}
