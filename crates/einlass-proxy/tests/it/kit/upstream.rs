//! An API behind the gateway: records every request and answers as it is told.

use bytes::Bytes;
use einlass_proxy::body::{Body, full};
use http::request::Parts;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// A request as the upstream saw it.
pub(crate) struct Seen {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) trailers: Option<http::HeaderMap>,
}

#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A plain answer.
pub(crate) fn text(body: &'static str) -> Response<Body> {
    Response::new(full(body))
}

impl Upstream {
    /// Records everything and answers with `respond`.
    pub(crate) async fn answering(respond: impl Fn() -> Response<Body> + Send + Sync + 'static) -> Self {
        Self::recording(None, respond).await
    }

    /// The same behind TLS.
    pub(crate) async fn secured(config: ServerConfig) -> Self {
        Self::recording(Some(TlsAcceptor::from(Arc::new(config))), || text("served")).await
    }

    async fn recording(
        tls: Option<TlsAcceptor>,
        respond: impl Fn() -> Response<Body> + Send + Sync + 'static,
    ) -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (record, respond) = (Arc::clone(&seen), Arc::new(respond));
        let address = Self::serve_over(tls, move |request: Request<Incoming>| {
            let (record, respond) = (Arc::clone(&record), Arc::clone(&respond));
            async move {
                let (parts, body) = request.into_parts();
                if let Ok(collected) = body.collect().await {
                    let trailers = collected.trailers().cloned();
                    record.lock().unwrap().push(Seen { parts, body: collected.to_bytes(), trailers });
                }
                respond()
            }
        })
        .await;
        Self { address, seen }
    }

    /// Serves with a handler of the test's own.
    pub(crate) async fn serve<F, A>(handler: F) -> SocketAddr
    where
        F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
        A: Future<Output = Response<Body>> + Send + 'static,
    {
        Self::serve_over(None, handler).await
    }

    async fn serve_over<F, A>(tls: Option<TlsAcceptor>, handler: F) -> SocketAddr
    where
        F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
        A: Future<Output = Response<Body>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (handler, tls) = (handler.clone(), tls.clone());
                let service = service_fn(move |request| {
                    let answer = handler(request);
                    async move { Ok::<_, Infallible>(answer.await) }
                });
                let server = Builder::new(TokioExecutor::new());
                tokio::spawn(async move {
                    // A test may cut the connection, or fail at TLS on purpose.
                    let _ = match tls {
                        None => server.serve_connection(TokioIo::new(stream), service).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => server.serve_connection(TokioIo::new(stream), service).await,
                            Err(fault) => Err(fault.into()),
                        },
                    };
                });
            }
        });
        address
    }

    /// The requests that have arrived since this was asked last.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// How many requests arrived.
    pub(crate) fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The one request that arrived.
    pub(crate) fn only(&self) -> Seen {
        let mut seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1, "one request was expected");
        seen.remove(0)
    }
}
