//! What is not the gateway's: the identity provider, the administration, the health checks.

use einlass_proxy::body::{Body, boxed};
use einlass_proxy::listen::Fallback;
use einlass_server::peer::Peer;
use einlass_server::{Platform, router};
use http::{Request, Response};
use hyper::body::Incoming;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

pub(super) fn of(platform: Arc<Platform>) -> Fallback {
    let router = router::router(platform);
    Arc::new(move |request, peer| Box::pin(answer(router.clone(), request, peer)))
}

async fn answer(router: axum::Router, mut request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    request.extensions_mut().insert(Peer(peer));
    match router.oneshot(request.map(axum::body::Body::new)).await {
        Ok(response) => response.map(boxed),
        Err(never) => match never {},
    }
}
