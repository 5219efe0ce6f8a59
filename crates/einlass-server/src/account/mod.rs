//! `/account`: what an app asks about itself, with an access token.

mod bearer;
mod jwks;
mod tenants;

use crate::Platform;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;

/// These paths. What has another method is answered with 405, and everything else below `/account` with 404.
pub(crate) fn router() -> Router<Arc<Platform>> {
    Router::new()
        .route("/account/.well-known/jwks.json", get(jwks::endpoint))
        .route("/account/tenants", get(tenants::endpoint))
}
