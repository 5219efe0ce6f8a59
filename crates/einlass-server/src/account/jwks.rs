//! `GET /account/.well-known/jwks.json`: the keys that check an app's session tokens, for that app.

use super::bearer::{AccountError, Caller};
use crate::Platform;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use serde_json::json;
use std::sync::Arc;

/// How long the app may keep it without asking, and nobody on the way: ten minutes before a new key signs it is in the set.
const CACHING: &str = "private, max-age=300";

/// Answers the keys of the app that asks, the one that signs first.
pub(super) async fn endpoint(
    State(platform): State<Arc<Platform>>,
    Caller { claims, address }: Caller,
) -> Response {
    let lifetime = platform.settings.session_token_lifetime;
    let Ok(keys) = platform.session_keys.published(claims.app_id, lifetime, platform.clock.wall()) else {
        return AccountError::NoKey.answer(address);
    };
    let body = Body::from(json!({ "keys": keys }).to_string());
    let headers = [
        (CONTENT_TYPE, "application/jwk-set+json"),
        (CACHE_CONTROL, CACHING),
        // Another app's answer is another.
        (VARY, "authorization"),
    ];
    (headers, body).into_response()
}
