//! The layer for whoever builds on tower: behind it there is with every request what its token says.

use super::{Verifier, answer};
use crate::fetch::BoxFuture;
use http::{Request, Response};
use std::mem;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Lets requests through that have a good token as `Authorization: Bearer`, with what it says among their extensions. It
/// answers the others itself, as the error's `answer` does.
///
/// It also answers a browser's preflight requests, which never have a token: what handles those (CORS) belongs around it.
#[derive(Clone, Debug)]
pub struct TokenLayer<V>(V);

impl<V: Verifier> TokenLayer<V> {
    /// A layer that verifies with this.
    #[must_use]
    pub fn new(verifier: V) -> Self {
        Self(verifier)
    }
}

impl<V: Verifier, S> Layer<S> for TokenLayer<V> {
    type Service = TokenService<V, S>;

    fn layer(&self, inner: S) -> TokenService<V, S> {
        TokenService { inner, verifier: self.0.clone() }
    }
}

/// What [`TokenLayer`] puts around a service.
#[derive(Clone, Debug)]
pub struct TokenService<V, S> {
    inner: S,
    verifier: V,
}

impl<V, S, B, R> Service<Request<B>> for TokenService<V, S>
where
    V: Verifier,
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
            let said = match verifier.verified(request.headers()).await {
                Ok(said) => said,
                Err(refusal) => return Ok(answer(&refusal)),
            };
            request.extensions_mut().insert(said);
            ready.call(request).await
        })
    }
}
