//! Health checks for whoever starts and restarts us.

use crate::Platform;
use axum::extract::State;
use http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// `GET /livez`: the process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: send requests here. 503 when the store does not answer, and when the node is about to end.
pub async fn ready(State(platform): State<Arc<Platform>>) -> (StatusCode, &'static str) {
    if platform.leaving.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "this node is ending\n");
    }
    match platform.quiet.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(fault) => {
            tracing::warn!(target: "einlass::health", %fault, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
    }
}
