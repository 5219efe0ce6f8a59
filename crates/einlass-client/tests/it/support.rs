//! A server that answers as a closure says, and a token source that does.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Response, Uri};
use einlass_client::fetch::{BoxFuture, FetchError, IssuedToken};
use einlass_client::protocol::secret::Secret;
use einlass_client::source::TokenSource;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A request as a server's closure sees it.
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Starts a server on a free port. It goes with the test's runtime.
pub(crate) async fn serve<F>(answer: F) -> String
where
    F: Fn(Seen) -> Response<Body> + Clone + Send + Sync + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let handler = async move |uri: Uri, headers: HeaderMap, body: Bytes| {
        answer(Seen { path: uri.path().into(), headers, body })
    };
    let router = Router::new().fallback(handler).layer(DefaultBodyLimit::disable());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

pub(crate) fn respond(status: u16, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).body(body.into()).unwrap()
}

/// Gives tokens of an hour, or whatever the closure makes of the number of the request.
pub(crate) struct Scripted {
    pub(crate) requests: Arc<AtomicU32>,
    /// Answers wait until this is true.
    pub(crate) open: watch::Sender<bool>,
    answer: Box<dyn Fn(u32) -> Result<IssuedToken, FetchError> + Send + Sync>,
}

impl Scripted {
    pub(crate) fn new(
        answer: impl Fn(u32) -> Result<IssuedToken, FetchError> + Send + Sync + 'static,
    ) -> Self {
        Self { requests: Arc::default(), open: watch::Sender::new(true), answer: Box::new(answer) }
    }

    pub(crate) fn working() -> Self {
        Self::new(|number| Ok(hour(number)))
    }
}

impl TokenSource for Scripted {
    fn fetch(&self) -> BoxFuture<'_, Result<IssuedToken, FetchError>> {
        let number = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
        let mut open = self.open.subscribe();
        Box::pin(async move {
            open.wait_for(|open| *open).await.unwrap();
            (self.answer)(number)
        })
    }
}

/// The token of this number.
pub(crate) fn hour(number: u32) -> IssuedToken {
    let access_token = Secret::new(format!("token-{number}"));
    IssuedToken { access_token, lifetime: Duration::from_hours(1) }
}

pub(crate) fn no_jitter(_: Duration) -> Duration {
    Duration::ZERO
}
