//! `GET /.well-known/openid-configuration` (`OpenID` Connect Discovery 1.0 §4) and
//! `/.well-known/oauth-authorization-server` (RFC 8414 §3): the same document. Public.

use crate::Platform;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use einlass_protocol::oauth::{Generation, ServerMetadata};
use http::header::CACHE_CONTROL;
use std::sync::Arc;

/// Answers what the issuer says of itself.
pub async fn endpoint(
    State(platform): State<Arc<Platform>>,
    Extension(generation): Extension<Generation>,
) -> impl IntoResponse {
    let metadata = ServerMetadata::of_issuer(generation, &platform.issuer(generation).url);
    ([(CACHE_CONTROL, "public, max-age=300")], Json(metadata))
}
