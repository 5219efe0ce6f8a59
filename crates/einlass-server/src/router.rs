//! Every path that the servers answer.

use crate::{Platform, admin, health, identity, request_id};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, put};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// The identity provider, the administration API and the health checks.
pub fn router(platform: Arc<Platform>) -> Router {
    Router::new()
        .route("/oauth2/token", any(identity::token::endpoint))
        .route("/oauth2/revoke", any(identity::revoke::endpoint))
        .route("/oauth2/introspect", any(identity::introspect::endpoint))
        .route("/.well-known/jwks.json", get(identity::jwks::endpoint))
        .route("/.well-known/openid-configuration", get(identity::metadata::endpoint))
        .route("/.well-known/oauth-authorization-server", get(identity::metadata::endpoint))
        .route("/admin/api/policy/explain", get(admin::policy::explain))
        .route(
            "/admin/api/tenants/{tenant}/installations/{app}",
            put(admin::installations::install).delete(admin::installations::remove),
        )
        .route("/admin/api/usage", get(admin::usage::show))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(&platform), request_id::name))
        .with_state(platform)
}

async fn nothing_here() -> (StatusCode, Json<Value>) {
    let message = "nothing is served at this path; the API is below /erp, tokens are at /oauth2/token";
    (StatusCode::NOT_FOUND, Json(json!({"error": "not_found", "message": message})))
}
