//! What a refused caller gets: the API gateway's body for what the gateway is about (401 and 5xx), the
//! ERP's for what the ERP would have said itself.

use super::onpremise::KeyFault;
use super::refusal::Refusal;
use crate::body::{Body, full};
use crate::forward::ForwardError;
use einlass_protocol::erp::{Casing, ErpError};
use einlass_protocol::policy::{self, CallerKind};
use einlass_protocol::scope::ScopeSet;
use http::header::{ALLOW, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

impl Refusal {
    /// The response for a request to `path`, which is without the gateway's prefix.
    pub(super) fn answer(&self, path: &str) -> Response<Body> {
        let status = self.status();
        respond(status, &self.body(status, path), self.header())
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Path(_) | Self::TenantUnusable => StatusCode::BAD_REQUEST,
            Self::Key(KeyFault::Unlicensed) => StatusCode::PAYMENT_REQUIRED,
            Self::NoToken
            | Self::NotOneBearer
            | Self::Token(_)
            | Self::Key(_)
            | Self::Session(_)
            | Self::Revoked(_)
            | Self::SubjectUnusable => StatusCode::UNAUTHORIZED,
            Self::OtherTenant
            | Self::NotInstalled
            | Self::OriginUnknown
            | Self::NotAMember
            | Self::OthersPart(_)
            | Self::Policy(_) => StatusCode::FORBIDDEN,
            Self::TooManyCalls(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::UnknownOperation => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::TenantMissing => StatusCode::PRECONDITION_FAILED,
            Self::Keys(_) | Self::Unheard | Self::Directory(_) | Self::Signing(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Login(_) => StatusCode::BAD_GATEWAY,
            Self::Forward(error) => forward_status(error),
        }
    }

    fn body(&self, status: StatusCode, path: &str) -> Value {
        let message = self.message();
        if status == StatusCode::UNAUTHORIZED || status.is_server_error() {
            return json!({ "statusCode": status.as_u16(), "message": message });
        }
        let errors = match self {
            Self::TenantMissing => vec![("X-Tenant-ID", "is missing".to_owned())],
            Self::TenantUnusable => vec![("X-Tenant-ID", "must be one UUID".to_owned())],
            _ => Vec::new(),
        };
        ErpError { code: self.code(), message, errors }.to_json(Casing::of_path(path))
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::Path(why) => format!("The request was not forwarded: {why}."),
            Self::NoToken => "JWT not present.".into(),
            Self::NotOneBearer => "Send exactly one header `Authorization: Bearer <access token>`.".into(),
            Self::Token(_) | Self::Revoked(_) | Self::SubjectUnusable => {
                "JWT not valid. Get a new access token and try once more.".into()
            }
            Self::Key(why) => why.message().into(),
            Self::Session(why) => why.message().into(),
            Self::Keys(_) | Self::Unheard | Self::Directory(_) | Self::Signing(_) => {
                "The platform cannot judge the call now. Try again.".into()
            }
            Self::UnknownOperation => "The API has no such operation. Check path and version.".into(),
            Self::MethodNotAllowed(_) => "This path takes the methods in the header `Allow`.".into(),
            Self::TenantMissing => "Send the header `X-Tenant-ID` with the tenant's UUID.".into(),
            Self::TenantUnusable => "Send one header `X-Tenant-ID` with the tenant's UUID.".into(),
            Self::OtherTenant => "The app token is for another tenant than `X-Tenant-ID` names.".into(),
            Self::NotInstalled => "The tenant has not installed this app.".into(),
            Self::OriginUnknown => "No app has registered the origin of this page.".into(),
            Self::NotAMember => "The person who signed in does not work in this tenant.".into(),
            Self::OthersPart(_) => "The token is another door's.".into(),
            Self::TooManyCalls(_) => {
                "Too many calls. `Retry-After` says when the next one is accepted.".into()
            }
            Self::Policy(why) => policy_message(why),
            Self::Login(why) => {
                format!("The ERP's answer has no session that can be bound to the key: {why}.")
            }
            Self::Forward(error) => forward_message(error).into(),
        }
    }

    pub(super) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::NoToken | Self::NotOneBearer => Some(challenge("")),
            Self::Key(KeyFault::Unlicensed) => None,
            Self::Key(_) | Self::Session(_) => {
                Some((WWW_AUTHENTICATE, HeaderValue::from_static(r#"Wawi realm="einlass""#)))
            }
            // RFC 6750 §3.1: a revoked token is an invalid one, and a newer one may be let in.
            Self::Token(_) | Self::Revoked(_) | Self::SubjectUnusable => {
                Some(challenge(r#", error="invalid_token""#))
            }
            Self::Policy(policy::Refusal::MissingScopes { required, .. }) => Some(insufficient(required)),
            Self::MethodNotAllowed(allowed) => {
                let names: Vec<_> = allowed.iter().map(|method| method.as_str()).collect();
                Some((ALLOW, text(&names.join(", "))))
            }
            Self::TooManyCalls(resets_in) => Some(retry_after(*resets_in)),
            Self::Keys(why) => Some(retry_after(why.retry_in)),
            Self::Unheard | Self::Directory(_) | Self::Signing(_) => {
                Some(retry_after(Duration::from_secs(1)))
            }
            _ => None,
        }
    }
}

/// A response of the gateway's own.
pub(super) fn respond(
    status: StatusCode,
    body: &Value,
    header: Option<(HeaderName, HeaderValue)>,
) -> Response<Body> {
    let mut response = Response::new(full(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.extend(header.map(|(name, value)| (Some(name), value)));
    response
}

/// RFC 6750 §3: at least one parameter; no error code for who sent no token (§3.1).
fn challenge(error: &str) -> (HeaderName, HeaderValue) {
    (WWW_AUTHENTICATE, text(&format!(r#"Bearer realm="einlass"{error}"#)))
}

fn insufficient(required: &ScopeSet) -> (HeaderName, HeaderValue) {
    challenge(&format!(r#", error="insufficient_scope", scope="{required}""#))
}

/// Whole seconds, at least one (RFC 9110 §10.2.3).
fn retry_after(span: Duration) -> (HeaderName, HeaderValue) {
    (RETRY_AFTER, HeaderValue::from(span.as_millis().div_ceil(1000).clamp(1, 3600) as u64))
}

/// A value that is made of visible ASCII here: scopes, methods and our own words.
fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn policy_message(refusal: &policy::Refusal) -> String {
    match refusal {
        policy::Refusal::MissingScopes { not_in_token, not_granted, .. } => {
            missing(not_in_token, not_granted)
        }
        policy::Refusal::WrongCredential { accepted: CallerKind::Machine } => {
            "This operation takes the app's own token (client credentials), not a person's.".into()
        }
        policy::Refusal::WrongCredential { accepted: CallerKind::Person } => {
            "This operation takes a token that a person signed in for, not the app's own.".into()
        }
        policy::Refusal::WrongCredential { accepted: CallerKind::Key } => {
            "This operation takes the key of an on-premise app.".into()
        }
        policy::Refusal::Unsatisfiable => "No credential opens this operation here.".into(),
        policy::Refusal::PublicNotAllowed => "The operation is public and not offered here.".into(),
    }
}

fn missing(not_in_token: &ScopeSet, not_granted: &ScopeSet) -> String {
    let mut parts = Vec::new();
    if !not_in_token.is_empty() {
        parts.push(format!("The token lacks: {not_in_token}. Register the app with it and get a new token."));
    }
    if !not_granted.is_empty() {
        parts.push(format!("The tenant has not granted: {not_granted}. Ask its admin to."));
    }
    parts.join(" ")
}

fn forward_status(error: &ForwardError) -> StatusCode {
    match error {
        ForwardError::Connect(_) | ForwardError::Broken(_) | ForwardError::Upgrade => StatusCode::BAD_GATEWAY,
        ForwardError::ConnectTimedOut | ForwardError::HeadTimedOut => StatusCode::GATEWAY_TIMEOUT,
        ForwardError::CallerStalled => StatusCode::REQUEST_TIMEOUT,
        ForwardError::CallerBroken => StatusCode::BAD_REQUEST,
        ForwardError::Target(_) => StatusCode::URI_TOO_LONG,
    }
}

fn forward_message(error: &ForwardError) -> &'static str {
    match error {
        ForwardError::Connect(_) => "The API behind the gateway cannot be reached. Try again.",
        ForwardError::Broken(_) | ForwardError::Upgrade => "The API behind the gateway broke off.",
        ForwardError::ConnectTimedOut | ForwardError::HeadTimedOut => {
            "The API behind the gateway did not answer in time."
        }
        ForwardError::CallerStalled => "The request's body did not arrive in time.",
        ForwardError::CallerBroken => "The request's body cannot be read to its end.",
        ForwardError::Target(_) => "The request's path and query are too long.",
    }
}
