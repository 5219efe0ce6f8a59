//! What a client without a secret sends to the platform, and what comes of it. Each is asked once.

use super::SignedIn;
use crate::fetch::FetchError;
use crate::source::answer::{self, Granted};
use crate::transport::{self, BaseUrl};
use einlass_protocol::ids::ClientId;
use einlass_protocol::oauth::{CodeVerifier, ErrorCode};
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Response;

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Where an issuer is asked.
pub(super) struct Places {
    pub(super) token: BaseUrl,
    pub(super) keys: BaseUrl,
    pub(super) revocation: Option<BaseUrl>,
}

/// A code, and what shows that it is ours (RFC 6749 §4.1.3, RFC 7636 §4.5).
pub(super) struct Brought<'a> {
    pub(super) code: &'a Secret,
    pub(super) redirect_uri: &'a str,
    pub(super) verifier: &'a CodeVerifier,
}

impl Brought<'_> {
    pub(super) async fn redeem(&self, endpoint: &BaseUrl, client: &ClientId) -> Result<Granted, FetchError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", self.code.expose()),
            ("redirect_uri", self.redirect_uri),
            ("client_id", client.as_str()),
            ("code_verifier", self.verifier.expose()),
        ];
        let response = post(endpoint, &form).await?;
        let secrets = [self.code.expose(), self.verifier.expose()];
        answer::read(response).await.map_err(|error| answer::discreet(error, &secrets))
    }
}

/// Trades the refresh token (RFC 6749 §6). `at` is the time now: what the answer took is no part of the token's life.
pub(super) async fn refresh(old: &SignedIn, at: UnixTime) -> Result<SignedIn, FetchError> {
    let Some(token) = &old.refresh_token else {
        return Err(FetchError::SignInEnded { description: None });
    };
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.expose()),
        ("client_id", old.client_id.as_str()),
    ];
    let response = post(&old.token_endpoint, &form).await?;
    let granted =
        answer::read(response).await.map_err(|error| ended(answer::discreet(error, &[token.expose()])))?;
    Ok(SignedIn {
        expires_at: at.plus(granted.issued.lifetime),
        access_token: granted.issued.access_token,
        // RFC 6749 §6: one that is not replaced goes on.
        refresh_token: granted.refresh_token.or_else(|| Some(token.clone())),
        ..old.clone()
    })
}

/// Gives back what renews the sign-in, else the access token (RFC 7009 §2.1). One that counts no more is as good as given
/// back, which the platform says too (§2.2).
pub(super) async fn revoke(endpoint: &BaseUrl, of: &SignedIn) -> Result<(), FetchError> {
    let (token, kind) = match &of.refresh_token {
        Some(token) => (token, "refresh_token"),
        None => (&of.access_token, "access_token"),
    };
    let form = [("token", token.expose()), ("token_type_hint", kind), ("client_id", of.client_id.as_str())];
    let response = post(endpoint, &form).await?;
    answer::accepted(response).await.map_err(|error| answer::discreet(error, &[token.expose()]))
}

fn ended(error: FetchError) -> FetchError {
    match error {
        FetchError::Rejected { code: ErrorCode::InvalidGrant, description } => {
            FetchError::SignInEnded { description }
        }
        other => other,
    }
}

async fn post(endpoint: &BaseUrl, form: &[(&str, &str)]) -> Result<Response, FetchError> {
    let encoded =
        |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
    let body = form.iter().map(encoded).collect::<Vec<_>>().join("&");
    let client = transport::short_answer_client(endpoint).map_err(|fault| transport::no_tls(&fault))?;
    let request = client.post(endpoint.as_url().clone()).header(CONTENT_TYPE, FORM).body(body);
    request.send().await.map_err(transport::unreachable)
}
