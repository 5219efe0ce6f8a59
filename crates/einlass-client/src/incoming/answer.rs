//! What the frontend is told when its token is not believed.

use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// Why a token is not believed. Its `Display` says what to do about it, and never has the token in it.
pub trait Refusal: fmt::Display + Send + 'static {
    /// What a browser is told in place of what happened between us and the platform, which is nothing for it.
    const UNAVAILABLE: &'static str;

    /// Whose fault it is.
    fn fault(&self) -> Fault;

    /// A stable word for programs.
    fn word(&self) -> &'static str;
}

/// Whose fault it is that a token is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// There is no token.
    NoToken,
    /// The token's.
    Token,
    /// Nobody's that is known: there are no keys, and there may be some after this time.
    NoKeys(Duration),
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    message: String,
}

/// 401, or 503 where nothing can be said about the token.
pub(crate) fn status(refusal: &impl Refusal) -> StatusCode {
    match refusal.fault() {
        Fault::NoToken | Fault::Token => StatusCode::UNAUTHORIZED,
        Fault::NoKeys(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The answer for the frontend, as `{"error": …, "message": …}`.
pub(crate) fn answer<R: Refusal, B: From<String>>(refusal: &R) -> Response<B> {
    let message = match refusal.fault() {
        Fault::NoToken | Fault::Token => refusal.to_string(),
        Fault::NoKeys(_) => R::UNAVAILABLE.into(),
    };
    let body = serde_json::to_string(&Body { error: refusal.word(), message }).unwrap_or_default();
    let mut response = Response::new(body.into());
    *response.status_mut() = status(refusal);
    put_headers(response.headers_mut(), refusal.fault());
    response
}

fn put_headers(headers: &mut HeaderMap, fault: Fault) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let challenge = |text| (WWW_AUTHENTICATE, HeaderValue::from_static(text));
    let (name, value) = match fault {
        // RFC 6750 §3.1: whoever sent no token is told of no error in it.
        Fault::NoToken => challenge("Bearer"),
        Fault::Token => challenge(r#"Bearer error="invalid_token""#),
        Fault::NoKeys(span) => (RETRY_AFTER, whole_seconds(span).into()),
    };
    headers.insert(name, value);
}

/// Rounded up, so that whoever comes back then is not early.
fn whole_seconds(span: Duration) -> u64 {
    (span.as_secs() + u64::from(span.subsec_nanos() > 0)).max(1)
}
