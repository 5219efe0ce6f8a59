//! Health checks for whoever starts and restarts us.

use crate::Platform;
use axum::extract::State;
use http::StatusCode;
use std::sync::Arc;

/// `GET /livez`: the process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: a request would be served now. 503 when the store does not answer.
pub async fn ready(State(platform): State<Arc<Platform>>) -> (StatusCode, &'static str) {
    match platform.quiet.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(fault) => {
            tracing::warn!(target: "einlass::health", %fault, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
    }
}
