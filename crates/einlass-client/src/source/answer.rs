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
const LONGEST_DESCRIPTION: usize = 200;

/// What asking again does not change.
const TERMINAL: [ErrorCode; 6] = [
    ErrorCode::InvalidClient,
    ErrorCode::InvalidGrant,
    ErrorCode::InvalidRequest,
    ErrorCode::InvalidScope,
    ErrorCode::UnauthorizedClient,
    ErrorCode::UnsupportedGrantType,
];

/// What an answer brings. A client in its own name gets the first alone.
pub(crate) struct Granted {
    pub(crate) issued: IssuedToken,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) id_token: Option<Secret>,
}

/// Reads an answer that brings a token.
pub(crate) async fn read(response: Response) -> Result<Granted, FetchError> {
    token(&body(response).await?)
}

/// Reads an answer of which nothing is wanted but that it is none of those that refuse.
pub(crate) async fn accepted(response: Response) -> Result<(), FetchError> {
    body(response).await.map(drop)
}

async fn body(response: Response) -> Result<Vec<u8>, FetchError> {
    let status = response.status();
    if status == StatusCode::OK {
        return transport::read_body(response, LONGEST_BODY).await;
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
fn token(body: &[u8]) -> Result<Granted, FetchError> {
    #[derive(Deserialize)]
    struct Answer {
        access_token: String,
        #[serde(rename = "token_type")]
        _token_type: TokenType,
        expires_in: Option<serde_json::Value>,
        refresh_token: Option<String>,
        id_token: Option<String>,
    }
    // The parser's own message may quote the body, and with it the token.
    let answer: Answer =
        serde_json::from_slice(body).map_err(|_| FetchError::Unreadable("not a Bearer token in JSON"))?;
    let lifetime = lifetime(answer.expires_in.as_ref());
    let filled = |token: Option<String>| token.filter(|token| !token.is_empty()).map(Secret::new);
    Ok(Granted {
        issued: IssuedToken { access_token: Secret::new(answer.access_token), lifetime },
        refresh_token: filled(answer.refresh_token),
        id_token: filled(answer.id_token),
    })
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status)
}

fn refusal(body: &[u8]) -> Option<FetchError> {
    let body: ErrorBody = serde_json::from_slice(body).ok()?;
    let code = TERMINAL.into_iter().find(|code| code.as_str() == body.error)?;
    Some(FetchError::Rejected { code, description: body.error_description })
}

/// An identity provider that repeats a secret in its description does not get it into our log.
pub(crate) fn discreet(error: FetchError, secrets: &[&str]) -> FetchError {
    let FetchError::Rejected { code, description: Some(description) } = error else {
        return error;
    };
    let repeats = secrets.iter().any(|secret| description.contains(secret));
    FetchError::Rejected { code, description: (!repeats).then(|| plain(&description)) }
}

/// RFC 6749 §5.2: printable ASCII; nothing else is put in front of people.
pub(crate) fn plain(description: &str) -> String {
    description.chars().filter(|c| matches!(c, ' '..='~')).take(LONGEST_DESCRIPTION).collect()
}
