//! Parse: what a client's request must look like before anybody thinks about it.

use crate::identity::OAuthError;
use axum::body::Body;
use axum::extract::Request;
use einlass_protocol::ids::ClientId;
use einlass_protocol::oauth::{BasicCredentials, Form};
use einlass_protocol::secret::Secret;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method};
use http_body_util::LengthLimitError;
use std::error::Error;
use std::time::Duration;

/// A request needs a few hundred bytes, or as many as a token has.
const MOST_BYTES: usize = 16 * 1024;
/// A caller who takes longer to send them holds a place that others need.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request that is well formed.
pub(super) struct ClientRequest {
    /// Its parameters.
    pub(super) form: Form,
    /// Who the caller says it is, and the proof.
    pub(super) presented: Presented,
}

/// What a client says of itself.
pub(super) enum Presented {
    /// Its id, and its secret.
    Secret(BasicCredentials),
    /// Its id alone, as a client that can keep no secret does (RFC 6749 §2.1).
    IdAlone(ClientId),
}

impl Presented {
    pub(super) fn client_id(&self) -> &ClientId {
        match self {
            Self::Secret(BasicCredentials { client_id, .. }) | Self::IdAlone(client_id) => client_id,
        }
    }
}

impl ClientRequest {
    /// Reads a request of any kind and refuses what no client would send.
    pub(super) async fn read(request: Request) -> Result<Self, OAuthError> {
        let (head, body) = request.into_parts();
        if head.method != Method::POST {
            return Err(OAuthError::MethodNotAllowed);
        }
        // RFC 6749 §2.3.1: credentials "MUST NOT be included in the request URI", where logs would keep them.
        if head.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(OAuthError::ParametersInUrl);
        }
        if !is_form(&head.headers) {
            return Err(OAuthError::NotAForm);
        }
        let form = Form::parse(&read_body(body).await?)?;
        let presented = presented(&head.headers, &form)?;
        Ok(Self { form, presented })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return false;
    };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

async fn read_body(body: Body) -> Result<bytes::Bytes, OAuthError> {
    let reading = axum::body::to_bytes(body, MOST_BYTES);
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(fault)) if is_too_long(&fault) => Err(OAuthError::BodyTooLarge),
        Ok(Err(_)) => Err(OAuthError::BodyBroken),
        Err(_) => Err(OAuthError::BodyTooSlow),
    }
}

fn is_too_long(fault: &axum::Error) -> bool {
    fault.source().is_some_and(<dyn Error>::is::<LengthLimitError>)
}

/// `client_secret_basic` or `client_secret_post` (RFC 6749 §2.3.1), and never both (§2.3).
fn presented(headers: &HeaderMap, form: &Form) -> Result<Presented, OAuthError> {
    let mut authorizations = headers.get_all(AUTHORIZATION).iter();
    let (header, None) = (authorizations.next(), authorizations.next()) else {
        return Err(OAuthError::SeveralAuthorizations);
    };
    let Some(header) = header else {
        return presented_in_body(form);
    };
    let (scheme, encoded) = header.to_str().unwrap_or_default().split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(OAuthError::OtherAuthentication);
    }
    let basic = BasicCredentials::parse(encoded).map_err(|_| OAuthError::MalformedBasic)?;
    if form.get("client_secret").is_some() {
        return Err(OAuthError::TwoAuthentications);
    }
    // Many clients repeat their id in the body; another id there is a contradiction.
    if form.get("client_id").is_some_and(|id| id != basic.client_id.as_str()) {
        return Err(OAuthError::TwoAuthentications);
    }
    Ok(Presented::Secret(basic))
}

fn presented_in_body(form: &Form) -> Result<Presented, OAuthError> {
    let id = form.get("client_id").ok_or(OAuthError::NoAuthentication)?;
    let client_id = id.parse().map_err(|_| OAuthError::ImpossibleClientId)?;
    Ok(match form.get("client_secret") {
        Some(secret) => {
            Presented::Secret(BasicCredentials { client_id, secret: Secret::new(secret.to_owned()) })
        }
        None => Presented::IdAlone(client_id),
    })
}
