//! What goes wrong in the administration API, and its body: `{"error", "message"}`.

use crate::keys::KeyError;
use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_protocol::secret::looks_secret;
use einlass_store::StoreError;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// Why an administrative request failed. The text is for the caller, but for faults of ours.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// What the request says makes no sense.
    #[error("{0}")]
    BadRequest(String),
    /// What there is does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// Signing keys could not be made or opened.
    #[error(transparent)]
    Keys(KeyError),
    /// The path takes other methods.
    #[error("this path takes other methods; Allow says which")]
    MethodNotAllowed,
    /// What the request is about is not there.
    #[error("{0}")]
    NotFound(String),
    /// A body of another kind.
    #[error("send the body as content-type: application/json")]
    NotJson,
    /// A token that only reads, and a request that changes something.
    #[error("this admin token only reads; use one with full access")]
    ReadOnly,
    /// The store did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Over 64 KiB.
    #[error("the body is larger than 64 KiB")]
    TooLarge,
    /// Too many admin tokens that do not work, from one network.
    #[error("too many admin tokens from this address did not work; try again in a minute")]
    TooManyTokens,
    /// Too many codes that do not count, from one network.
    #[error("too many wrong codes from this address; try again in a minute")]
    TooManyWrongCodes,
    /// So much is being summed up or claimed that one more would have to wait for too long.
    #[error("others ask for the same at the moment; try again")]
    TooBusy,
    /// The body did not arrive within ten seconds.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// No admin token, or one that does not work.
    #[error(transparent)]
    Unauthenticated(#[from] Unauthenticated),
    /// A one-time code that does not count.
    #[error(
        "the code is wrong, expired or used, or somebody can administer the platform already; otherwise its next start \
         prints a new code"
    )]
    WrongCode,
}

/// Why nobody is let in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unauthenticated {
    /// Its time is over.
    #[error("the admin token has expired; make another with one that works")]
    Expired,
    /// Nothing that could be an admin token.
    #[error("send an admin token: Authorization: Bearer ein_at_…")]
    Missing,
    /// It was revoked.
    #[error("the admin token was revoked")]
    Revoked,
    /// The form of an admin token, and none of this platform.
    #[error("the admin token is unknown here; is it one of this environment?")]
    Unknown,
}

impl From<KeyError> for AdminError {
    fn from(fault: KeyError) -> Self {
        match fault {
            KeyError::Store(fault) => Self::Store(fault),
            other => Self::Keys(other),
        }
    }
}

const MINUTE: HeaderValue = HeaderValue::from_static("60");
const SOON: HeaderValue = HeaderValue::from_static("1");

impl AdminError {
    /// Status, code and words of every cause.
    fn to_wire(&self) -> (StatusCode, &'static str, String) {
        let words = self.to_string();
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request", without_secrets(words)),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict", words),
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_request", words),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "bad_request", words),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "bad_request", words),
            Self::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "unauthenticated", words),
            Self::ReadOnly | Self::WrongCode => (StatusCode::FORBIDDEN, "forbidden", words),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found", without_secrets(words)),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", words),
            Self::Store(StoreError::AlreadyExists(taken)) => {
                (StatusCode::CONFLICT, "conflict", format!("{taken} is taken; choose another"))
            }
            Self::TooManyTokens | Self::TooManyWrongCodes => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_requests", words)
            }
            Self::TooBusy => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", words),
            Self::Store(StoreError::Unavailable(_)) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "the store does not answer; try again".into(),
            ),
            Self::Store(_) | Self::Keys(_) => {
                let words = "this is our fault; the log says more at X-Request-Id".into();
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", words)
            }
        }
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let (status, error, message) = self.to_wire();
        if status.is_server_error() {
            tracing::error!(target: "einlass::admin", status = status.as_u16(), fault = %self, "failed");
        } else {
            tracing::warn!(target: "einlass::admin", status = status.as_u16(), reason = message, "refused");
        }
        let mut response = (status, Json(json!({"error": error, "message": message}))).into_response();
        let headers = response.headers_mut();
        match status {
            // RFC 9110 §11.6.1: a 401 says how to authenticate.
            StatusCode::UNAUTHORIZED => headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            StatusCode::TOO_MANY_REQUESTS => headers.insert(RETRY_AFTER, MINUTE),
            StatusCode::SERVICE_UNAVAILABLE => headers.insert(RETRY_AFTER, SOON),
            _ => None,
        };
        response
    }
}

/// Words that repeat what a caller sent, unless that was a secret in the wrong place.
fn without_secrets(words: String) -> String {
    let is_secret = |word: &str| looks_secret(word) || word.starts_with("eyJ");
    let holds_one = words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(is_secret);
    if holds_one { "a secret stands where something else belongs".into() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_the_wrong_place_is_not_repeated() {
        for sent in ["ein_cs_canary", "x: EIN_at_canary,", "`eyJcanary.x.y`"] {
            assert!(!without_secrets(sent.into()).contains("canary"), "{sent}");
        }
        assert_eq!(without_secrets("no app is called \"verein_x\"".into()), "no app is called \"verein_x\"");
    }

    #[test]
    fn what_is_our_fault_says_no_more_than_that() {
        let damaged = AdminError::Store(StoreError::Inconsistent { column: "scopes" });
        let (status, error, message) = damaged.to_wire();
        assert_eq!((status.as_u16(), error), (500, "internal"));
        assert!(!message.contains("scopes"));
    }
}
