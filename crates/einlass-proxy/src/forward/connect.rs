//! Connections to upstreams, plain or TLS, HTTP/1.1 or by ALPN HTTP/2, within a bound of time.

use super::tls::UpstreamTls;
use crate::body::BoxError;
use crate::files::Reread;
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
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
    /// New connections are made by the certificates that are in the files then.
    https: Arc<Reread<HttpsConnector<HttpConnector>>>,
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
        let (files, tls) = (tls.files(), tls.clone());
        let https = Reread::open(files, move || https(&tls, versions))?;
        Ok(Self { https: Arc::new(https), limit })
    }
}

fn https(tls: &UpstreamTls, versions: Versions) -> io::Result<HttpsConnector<HttpConnector>> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let https = HttpsConnectorBuilder::new().with_tls_config(tls.config()?);
    let https = https.https_or_http();
    Ok(match versions {
        Versions::All => https.enable_all_versions().wrap_connector(tcp),
        Versions::Http1 => https.enable_http1().wrap_connector(tcp),
    })
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        // A connector as below is always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let mut https = HttpsConnector::clone(&self.https.get());
        let (connection, limit) = (https.call(target), self.limit);
        Box::pin(async move {
            let connected = tokio::time::timeout(limit, connection).await;
            connected.map_err(|_| ConnectTimedOut(limit))?
        })
    }
}
