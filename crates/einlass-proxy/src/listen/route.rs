//! What is the gateway's stays on the worker; everything else is handed to the control runtime, where the
//! pages, the admin API and the store live.

use super::worker::Service;
use crate::body::{Body, full};
use crate::gateway::{Directory, Gateway};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use tokio::runtime::Handle;

/// What answers requests that are not the gateway's.
pub type Fallback = Arc<
    dyn Fn(Request<Incoming>, SocketAddr) -> Pin<Box<dyn Future<Output = Response<Body>> + Send>>
        + Send
        + Sync,
>;

/// The service of a worker.
pub struct Route<D> {
    gateway: Gateway<D>,
    fallback: Fallback,
    control: Handle,
}

impl<D> Route<D> {
    /// Gives `fallback` what `gateway` does not serve, as a task on the runtime `control`.
    pub fn new(gateway: Gateway<D>, fallback: Fallback, control: Handle) -> Self {
        Self { gateway, fallback, control }
    }
}

impl<D> Clone for Route<D> {
    fn clone(&self) -> Self {
        Self {
            gateway: self.gateway.clone(),
            fallback: Arc::clone(&self.fallback),
            control: self.control.clone(),
        }
    }
}

impl<D: Directory> Service for Route<D> {
    async fn call(self, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
        if self.gateway.serves(request.uri().path()) {
            return self.gateway.handle(request, peer).await;
        }
        // A task of its own: what it has begun it finishes, even if the caller goes away.
        let answer = self.control.spawn((self.fallback)(request, peer));
        answer.await.unwrap_or_else(|_| internal_error())
    }
}

/// The fallback panicked, or its runtime is shutting down.
fn internal_error() -> Response<Body> {
    let mut response = Response::new(full(""));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
