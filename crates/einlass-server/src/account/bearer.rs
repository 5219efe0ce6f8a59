//! The access token that an app asks with, judged as at the gateway, and what is said when there is none that counts.

use crate::Platform;
use crate::identity::Issuer;
use crate::peer::Peer;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::oauth::Generation;
use einlass_store::StoreError;
use http::header::{AUTHORIZATION, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Whoever asks with an access token of ours that counts.
pub(super) struct Caller {
    pub(super) claims: AccessClaims,
    pub(super) address: IpAddr,
}

/// Why an app is told nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum AccountError {
    #[error("there is no token")]
    Missing,
    #[error("there are several tokens")]
    Several,
    #[error("{0}")]
    Rejected(#[from] TokenRejected),
    #[error("the token was revoked")]
    Revoked,
    #[error("the token is a machine's")]
    NotAPerson,
    #[error("too many requests from this address")]
    TooManyRequests(Duration),
    #[error("no key could be derived")]
    NoKey,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FromRequestParts<Arc<Platform>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Response> {
        let address = Peer::ip_of(&parts.extensions);
        let claims = judge(&parts.headers, address, platform).map_err(|error| error.answer(address))?;
        Ok(Self { claims, address })
    }
}

fn judge(headers: &HeaderMap, address: IpAddr, platform: &Platform) -> Result<AccessClaims, AccountError> {
    platform.limits.admit_address(address).map_err(AccountError::TooManyRequests)?;
    let token = bearer(headers)?;
    let Issuer { keys, verifier, .. } = platform.issuer(Generation::A);
    let claims = verifier.verify(token, keys.ring().key_set(), platform.clock.wall())?;
    if platform.revocations.list().denies(&claims, None).is_some() {
        return Err(AccountError::Revoked);
    }
    Ok(claims)
}

/// RFC 6750 §2.1: the scheme in any case, one space, the token.
fn bearer(headers: &HeaderMap) -> Result<&str, AccountError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(AccountError::Missing)?;
    if values.next().is_some() {
        return Err(AccountError::Several);
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|it| it.split_once(' ')).ok_or(AccountError::Missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token) } else { Err(AccountError::Missing) }
}

impl AccountError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Several | Self::Rejected(_) | Self::Revoked => StatusCode::UNAUTHORIZED,
            Self::NotAPerson => StatusCode::FORBIDDEN,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoKey => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::Missing => "JWT not present.",
            Self::Several => "Send exactly one Authorization header.",
            Self::Rejected(TokenRejected::Expired(_)) => "JWT has expired. Get a new access token.",
            Self::Rejected(_) => "JWT is not an access token of this platform that counts.",
            Self::Revoked => "JWT was revoked.",
            Self::NotAPerson => {
                "The token acts for no person; tenants are listed for a person who signed in."
            }
            Self::TooManyRequests(_) => "Too many requests from this address.",
            Self::NoKey => "Internal error.",
            Self::Store(_) => "The platform is not available. Try again.",
        }
    }

    /// The body that stands before every API, and the reason in the log.
    pub(super) fn answer(&self, address: IpAddr) -> Response {
        let (status, message) = (self.status(), self.message());
        tracing::info!(target: "einlass::account", status = status.as_u16(), reason = %self, %address, "refused");
        let body = Json(json!({"statusCode": status.as_u16(), "message": message}));
        let mut response = (status, [(CACHE_CONTROL, "no-store")], body).into_response();
        let headers = response.headers_mut();
        match self {
            // RFC 6750 §3.1: who sent none is told the scheme alone.
            Self::Missing => _ = headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Self::Several | Self::Rejected(_) | Self::Revoked => {
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            Self::TooManyRequests(wait) => {
                headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
            }
            Self::Store(_) => _ = headers.insert(RETRY_AFTER, HeaderValue::from(1)),
            Self::NotAPerson | Self::NoKey => {}
        }
        response
    }
}
