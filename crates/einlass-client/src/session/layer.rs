//! The layer for whoever builds on tower: behind it there is a [`Session`](super::Session) with every request.

use super::SessionVerifier;
use crate::fetch::BoxFuture;
use http::{Request, Response};
use std::mem;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Lets requests through that have a good session token as `Authorization: Bearer`, with a
/// [`Session`](super::Session) among their extensions. It answers the others itself, see
/// [`SessionTokenError::answer`](super::SessionTokenError::answer).
///
/// It also answers a browser's preflight requests, which never have a token: what handles those (CORS) belongs around it.
#[derive(Clone, Debug)]
pub struct SessionLayer(SessionVerifier);

impl SessionLayer {
    /// A layer that verifies with this.
    #[must_use]
    pub fn new(verifier: SessionVerifier) -> Self {
        Self(verifier)
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> SessionService<S> {
        SessionService { inner, verifier: self.0.clone() }
    }
}

/// What [`SessionLayer`] puts around a service.
#[derive(Clone, Debug)]
pub struct SessionService<S> {
    inner: S,
    verifier: SessionVerifier,
}

impl<S, B, R> Service<Request<B>> for SessionService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let (next, verifier) = (self.inner.clone(), self.verifier.clone());
        // The one that said it is ready; its clone may not be.
        let mut ready = mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let session = match verifier.verify_headers(request.headers()).await {
                Ok(session) => session,
                Err(error) => return Ok(error.answer()),
            };
            request.extensions_mut().insert(session);
            ready.call(request).await
        })
    }
}
