//! Respond: the body, the headers and the log line.

use super::issue::Issued;
use crate::identity::NOT_KEPT;
use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_protocol::oauth::{TokenResponse, TokenType};
use einlass_protocol::secret::Secret;
use std::net::IpAddr;

/// A token (RFC 6749 §5.1).
pub(super) fn token(issued: &Issued, address: IpAddr) -> Response {
    let Issued { token, claims, lifetime, tells_scope, refresh_token, id_token } = issued;
    tracing::info!(
        target: "einlass::token", client = %claims.client_id, app = %claims.app_id,
        credential = %claims.credential_id, token = %claims.token_id, %address, "issued"
    );
    let body = TokenResponse {
        access_token: token.expose(),
        token_type: TokenType::Bearer,
        expires_in: lifetime.as_secs(),
        scope: tells_scope.then_some(&claims.scope),
        refresh_token: refresh_token.as_ref().map(Secret::expose),
        id_token: id_token.as_ref().map(Secret::expose),
    };
    (NOT_KEPT, Json(body)).into_response()
}
