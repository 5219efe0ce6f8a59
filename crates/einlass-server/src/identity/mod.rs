//! The identity provider.

pub mod client;
mod error;
pub(crate) mod granting;
mod hint;
pub mod introspect;
mod issuer;
pub mod jwks;
pub mod metadata;
mod presented;
mod refuse;
pub mod revoke;
pub mod token;

pub use error::OAuthError;
pub use issuer::{Issuer, Issuers};

use crate::{Platform, cors};
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{any, get};
use axum::{Extension, Router};
use einlass_protocol::oauth::Generation;
use http::HeaderName;
use http::header::{CACHE_CONTROL, PRAGMA};
use std::sync::Arc;

/// RFC 6749 §5.1: both headers, on whatever holds tokens or says why there is none.
const NOT_KEPT: [(HeaderName, &str); 2] = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];

/// What clients and verifiers ask an issuer for. What people are shown there is in [`crate::pages`].
pub(crate) fn router(generation: Generation, platform: &Arc<Platform>) -> Router<Arc<Platform>> {
    let (prefix, paths) = (generation.prefix(), generation.paths());
    let at = |path: &str| format!("{prefix}{path}");
    // What pages ask that sign people in through a client without a secret.
    let of_pages = Router::new()
        .route(&at(paths.token), any(token::endpoint))
        .route(&at(paths.revocation), any(revoke::endpoint))
        .layer(from_fn_with_state(Arc::clone(platform), cors::of_registered));
    let public = Router::new()
        .route(&at(paths.keys), get(jwks::endpoint))
        .route(&at("/.well-known/openid-configuration"), get(metadata::endpoint))
        // RFC 8414 §3.1: the well-known part comes before an issuer's own path.
        .route(&format!("/.well-known/oauth-authorization-server{prefix}"), get(metadata::endpoint))
        .layer(map_response(cors::of_everybody));
    Router::new()
        .route(&at(paths.introspection), any(introspect::endpoint))
        .merge(of_pages)
        .merge(public)
        .layer(Extension(generation))
}
