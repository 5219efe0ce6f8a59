//! Reading the answer of a token endpoint (RFC 6749 §5.1, §5.2).

use super::lifetime::lifetime;
use crate::fetch::{FetchError, IssuedToken};
use crate::transport;
use einlass_protocol::oauth::{ErrorBody, ErrorCode, TokenType};
use einlass_protocol::secret::Secret;
use http::StatusCode;
use reqwest::Response;
use serde::Deserialize;

const LONGEST_BODY: usize = 64 * 1024;

/// What asking again does not change.
const TERMINAL: [ErrorCode; 6] = [
    ErrorCode::InvalidClient,
    ErrorCode::InvalidGrant,
    ErrorCode::InvalidRequest,
    ErrorCode::InvalidScope,
    ErrorCode::UnauthorizedClient,
    ErrorCode::UnsupportedGrantType,
];

pub(super) async fn read(response: Response) -> Result<IssuedToken, FetchError> {
    let status = response.status();
    if status == StatusCode::OK {
        return token(&transport::read_body(response, LONGEST_BODY).await?);
    }
    if status.is_redirection() {
        return Err(FetchError::Redirected(status));
    }
    let error = FetchError::Status { status, retry_after: transport::retry_after(response.headers()) };
    if is_passing(status) {
        return Err(error);
    }
    let body = transport::read_body(response, LONGEST_BODY).await?;
    Err(refusal(&body).unwrap_or(error))
}

/// A 200 without a whole token in it is a failure like any other: a torn answer is repaired by asking again.
fn token(body: &[u8]) -> Result<IssuedToken, FetchError> {
    #[derive(Deserialize)]
    struct Answer {
        access_token: String,
        #[serde(rename = "token_type")]
        _token_type: TokenType,
        expires_in: Option<serde_json::Value>,
    }
    // The parser's own message may quote the body, and with it the token.
    let answer: Answer =
        serde_json::from_slice(body).map_err(|_| FetchError::Unreadable("not a Bearer token in JSON"))?;
    let lifetime = lifetime(answer.expires_in.as_ref());
    Ok(IssuedToken { access_token: Secret::new(answer.access_token), lifetime })
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status)
}

fn refusal(body: &[u8]) -> Option<FetchError> {
    let body: ErrorBody = serde_json::from_slice(body).ok()?;
    let code = TERMINAL.into_iter().find(|code| code.as_str() == body.error)?;
    Some(FetchError::Rejected { code, description: body.error_description })
}
