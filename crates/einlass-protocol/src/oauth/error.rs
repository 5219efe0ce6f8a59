//! OAuth errors on the wire (RFC 6749 §5.2).

use serde::{Deserialize, Serialize};

/// The codes of RFC 6749 §5.2 and §4.1.2.1, and of OpenID Connect Core §3.1.2.6.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum ErrorCode {
    AccessDenied,
    ConsentRequired,
    InvalidClient,
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    LoginRequired,
    RequestNotSupported,
    RequestUriNotSupported,
    ServerError,
    TemporarilyUnavailable,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedResponseType,
}

impl ErrorCode {
    /// The code as `error` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::ConsentRequired => "consent_required",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
        }
    }
}

/// An error's body. The code is a text here, since a client may meet codes that we never send.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ErrorBody {
    /// The code, as `invalid_client`.
    pub error: String,
    /// What happened, for the developer who reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

impl ErrorBody {
    /// A body of ours. RFC 6749 §5.2 allows printable ASCII without `"` and `\` in a description; whatever
    /// else was in it is left out.
    #[must_use]
    pub fn new(code: ErrorCode, description: &str) -> Self {
        let plain = description.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\'));
        Self { error: code.as_str().into(), error_description: Some(plain.collect()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_keeps_to_the_characters_of_rfc_6749() {
        let body = ErrorBody::new(ErrorCode::InvalidScope, "the \"scope\" \\ ä\n is odd");
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"error":"invalid_scope","error_description":"the scope   is odd"}"#
        );
    }
}
