//! What is not the gateway's: the identity provider, the administration, health checks and numbers.

use super::metrics::Metrics;
use einlass_proxy::body::{Body, boxed};
use einlass_proxy::listen::Handler;
use einlass_server::peer::Peer;
use einlass_server::router::Surface;
use einlass_server::{Platform, router};
use http::{Request, Response};
use hyper::body::Incoming;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// The token endpoint alone.
pub(super) fn tokens(platform: &Arc<Platform>) -> Handler {
    let platform = Arc::clone(platform);
    Arc::new(move |request, peer| {
        let answer = router::token(Arc::clone(&platform), from(request, peer));
        Box::pin(async { answer.await.map(boxed) })
    })
}

/// These surfaces of the platform's.
pub(super) fn of(platform: &Arc<Platform>, surfaces: &BTreeSet<Surface>, metrics: &Metrics) -> Handler {
    let mut router = router::router(Arc::clone(platform), surfaces.iter().copied());
    if surfaces.contains(&Surface::Management) {
        router = router.merge(metrics.clone().router());
    }
    Arc::new(move |request, peer| Box::pin(answer(router.clone(), from(request, peer))))
}

async fn answer(router: axum::Router, request: Request<axum::body::Body>) -> Response<Body> {
    match router.oneshot(request).await {
        Ok(response) => response.map(boxed),
        Err(never) => match never {},
    }
}

fn from(mut request: Request<Incoming>, peer: SocketAddr) -> Request<axum::body::Body> {
    request.extensions_mut().insert(Peer(peer));
    request.map(axum::body::Body::new)
}
