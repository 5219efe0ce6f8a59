//! Every path that the servers answer.

use crate::{Platform, admin, health, identity};
use axum::Router;
use axum::routing::{any, get, put};
use std::sync::Arc;

/// The identity provider, the administration API and the health checks.
pub fn router(platform: Arc<Platform>) -> Router {
    Router::new()
        .route("/oauth2/token", any(identity::token::endpoint))
        .route("/.well-known/jwks.json", get(identity::jwks::endpoint))
        .route("/.well-known/openid-configuration", get(identity::metadata::endpoint))
        .route("/.well-known/oauth-authorization-server", get(identity::metadata::endpoint))
        .route("/admin/api/policy/explain", get(admin::policy::explain))
        .route(
            "/admin/api/tenants/{tenant}/installations/{app}",
            put(admin::installations::install).delete(admin::installations::remove),
        )
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(platform)
}
