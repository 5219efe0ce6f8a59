//! What is not the gateway's: the identity provider, the administration, health checks and numbers.

use super::metrics::Metrics;
use einlass_proxy::body::{Body, boxed};
use einlass_proxy::listen::Fallback;
use einlass_server::peer::Peer;
use einlass_server::router::Surface;
use einlass_server::{Platform, router};
use http::{Request, Response};
use hyper::body::Incoming;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// These surfaces of the platform's.
pub(super) fn of(platform: &Arc<Platform>, surfaces: &BTreeSet<Surface>, metrics: &Metrics) -> Fallback {
    let mut router = router::router(Arc::clone(platform), surfaces.iter().copied());
    if surfaces.contains(&Surface::Management) {
        router = router.merge(metrics.clone().router());
    }
    Arc::new(move |request, peer| Box::pin(answer(router.clone(), request, peer)))
}

async fn answer(router: axum::Router, mut request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    request.extensions_mut().insert(Peer(peer));
    match router.oneshot(request.map(axum::body::Body::new)).await {
        Ok(response) => response.map(boxed),
        Err(never) => match never {},
    }
}
