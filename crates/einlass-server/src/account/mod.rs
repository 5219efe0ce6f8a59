//! `/account`: what an app asks about itself, with an access token.

mod bearer;
mod jwks;
mod tenants;

use crate::{Platform, cors};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use std::sync::Arc;

/// These paths. What has another method is answered with 405, and everything else below `/account` with 404.
pub(crate) fn router(platform: &Arc<Platform>) -> Router<Arc<Platform>> {
    Router::new()
        .route("/account/tenants", get(tenants::endpoint))
        // What asks there with a person's token may be a page.
        .layer(from_fn_with_state(Arc::clone(platform), cors::of_registered))
        .route("/account/.well-known/jwks.json", get(jwks::endpoint))
}
