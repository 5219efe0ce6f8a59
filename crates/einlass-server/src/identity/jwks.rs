//! `GET /.well-known/jwks.json` and `/id/oauth/v2/keys`: the keys that check our tokens (RFC 7517 §5). Public.

use crate::Platform;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use einlass_protocol::oauth::Generation;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use std::sync::Arc;

/// How long a verifier may keep the set without asking, in seconds: five minutes.
const MAX_AGE: &str = "public, max-age=300";

/// Answers the set, or 304 to who has it (RFC 9110 §13.1.2).
pub async fn endpoint(
    State(platform): State<Arc<Platform>>,
    Extension(generation): Extension<Generation>,
    headers: HeaderMap,
) -> Response {
    let ring = platform.issuer(generation).keys.ring();
    let etag = ring.etag();
    let caching = [(CACHE_CONTROL, MAX_AGE), (ETAG, etag)];
    if headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known.as_bytes(), etag)) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, "application/jwk-set+json")], Body::from(ring.document())).into_response()
}

/// RFC 9110 §8.8.3.2: the weak comparison, over a list or `*`.
fn names(known: &[u8], etag: &str) -> bool {
    let Ok(known) = std::str::from_utf8(known) else {
        return false;
    };
    known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn if_none_match_is_a_list_compared_weakly() {
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(names(known.as_bytes(), "\"a\""), "{known}");
        }
        assert!(!names(b"\"b\"", "\"a\""));
    }
}
