//! Refuse: the body, the headers and the log line of an error, the same at every endpoint of clients.

use super::{NOT_KEPT, OAuthError};
use crate::Platform;
use crate::audit::Actor;
use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_protocol::oauth::ErrorBody;
use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use std::time::Duration;

/// An error (RFC 6749 §5.2). Who failed to prove who it is, or asked too often, is written down.
pub(super) fn client(platform: &Platform, cause: &OAuthError, actor: &Actor) -> Response {
    if let Some(client) = cause.turned_away() {
        platform.note_refusal(actor, "authenticate client", client, &cause.to_string());
    }
    let (wire, address) = (cause.to_wire(), actor.ip());
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
