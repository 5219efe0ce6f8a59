//! Respond: the body, the headers and the log line.

use super::TokenError;
use super::issue::Issued;
use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_protocol::oauth::{ErrorBody, TokenResponse, TokenType};
use http::header::{ALLOW, CACHE_CONTROL, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use std::net::IpAddr;
use std::time::Duration;

/// RFC 6749 §5.1: both headers, on whatever holds tokens or says why there is none.
const NOT_KEPT: [(http::HeaderName, &str); 2] = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];

/// A token (RFC 6749 §5.1).
pub(super) fn token(issued: &Issued, address: IpAddr) -> Response {
    let Issued { token, claims, lifetime, tells_scope } = issued;
    tracing::info!(
        target: "einlass::token", client = %claims.client_id, app = %claims.app_id,
        credential = %claims.credential_id, token = %claims.token_id, %address, "issued"
    );
    let body = TokenResponse {
        access_token: token.expose(),
        token_type: TokenType::Bearer,
        expires_in: lifetime.as_secs(),
        scope: tells_scope.then_some(&claims.scope),
    };
    (NOT_KEPT, Json(body)).into_response()
}

/// An error (RFC 6749 §5.2).
pub(super) fn error(cause: &TokenError, address: IpAddr) -> Response {
    let wire = cause.to_wire();
    tracing::warn!(
        target: "einlass::token", status = wire.status.as_u16(), error = wire.code.as_str(),
        reason = %cause, %address, "refused"
    );
    let body = ErrorBody::new(wire.code, &wire.description);
    let mut response = (wire.status, NOT_KEPT, Json(body)).into_response();
    let headers = response.headers_mut();
    match wire.status {
        // RFC 6749 §5.2: a 401 names the scheme that the client should use.
        StatusCode::UNAUTHORIZED => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"einlass\""));
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            headers.insert(ALLOW, HeaderValue::from_static("POST"));
        }
        _ => {}
    }
    if let Some(wait) = wire.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
    }
    response
}

/// Rounded up: who comes when told must not be told again.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
