//! What is a gateway's stays on the worker, and so does what is asked for as often; everything else is handed to the
//! control runtime, where the pages, the admin API and the store live.

use super::worker::Service;
use crate::body::{Body, full};
use crate::gateway::{Directory, Gateway, nothing_here};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use std::cmp::Reverse;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use tokio::runtime::Handle;

/// What answers requests that are no gateway's.
pub type Handler = Arc<
    dyn Fn(Request<Incoming>, SocketAddr) -> Pin<Box<dyn Future<Output = Response<Body>> + Send>>
        + Send
        + Sync,
>;

/// The service of a worker: gateways, something for the rest, or both.
pub struct Route<D> {
    /// The longest prefix first.
    gateways: Arc<[Gateway<D>]>,
    here: Option<(&'static str, Handler)>,
    rest: Option<(Handler, Handle)>,
}

impl<D> Route<D> {
    /// Gives each request to the gateway with the longest prefix that is a prefix of its path. What is no
    /// gateway's is answered with 404.
    pub fn new(gateways: impl IntoIterator<Item = Gateway<D>>) -> Self {
        let mut gateways: Vec<_> = gateways.into_iter().collect();
        gateways.sort_by_key(|gateway| Reverse(gateway.prefix().len()));
        Self { gateways: gateways.into(), here: None, rest: None }
    }

    /// Gives `handler` what is asked for at exactly this path, on the worker: it must neither wait for long without
    /// giving way nor mind that its caller goes away.
    #[must_use]
    pub fn here(self, path: &'static str, handler: Handler) -> Self {
        Self { here: Some((path, handler)), ..self }
    }

    /// Gives `fallback` what is no gateway's, as a task on the runtime `control`.
    #[must_use]
    pub fn otherwise(self, fallback: Handler, control: Handle) -> Self {
        Self { rest: Some((fallback, control)), ..self }
    }
}

impl<D> Clone for Route<D> {
    fn clone(&self) -> Self {
        Self { gateways: Arc::clone(&self.gateways), here: self.here.clone(), rest: self.rest.clone() }
    }
}

impl<D: Directory> Service for Route<D> {
    async fn call(self, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
        let path = request.uri().path();
        if let Some((here, handler)) = &self.here
            && *here == path
        {
            return handler(request, peer).await;
        }
        if let Some(gateway) = self.gateways.iter().find(|gateway| gateway.serves(path)) {
            return gateway.handle(request, peer).await;
        }
        match (self.rest, self.gateways.last()) {
            (Some((fallback, control)), _) => {
                // A task of its own: what it has begun it finishes, even if the caller goes away.
                let answer = control.spawn(fallback(request, peer));
                answer.await.unwrap_or_else(|_| internal_error())
            }
            // One of them has to write it down.
            (None, Some(gateway)) => gateway.disown(&request, peer),
            (None, None) => nothing_here(path),
        }
    }
}

/// The fallback panicked, or its runtime is shutting down.
fn internal_error() -> Response<Body> {
    let mut response = Response::new(full(""));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
