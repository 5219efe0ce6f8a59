//! `GET /.well-known/openid-configuration` (`OpenID` Connect Discovery 1.0 §4) and
//! `/.well-known/oauth-authorization-server` (RFC 8414 §3): the same document. Public.

use crate::Platform;
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use einlass_protocol::oauth::ServerMetadata;
use http::header::CACHE_CONTROL;
use std::sync::Arc;

/// Answers what the issuer says of itself.
pub async fn endpoint(State(platform): State<Arc<Platform>>) -> impl IntoResponse {
    let metadata = ServerMetadata::of_issuer(&platform.settings.public_url);
    ([(CACHE_CONTROL, "public, max-age=300")], Json(metadata))
}
