//! What the frontend is told when its session token is not believed.

use super::SessionTokenError;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response};
use serde::Serialize;
use std::time::Duration;

/// In place of what happened between us and the platform, which is nothing for a browser.
const UNAVAILABLE: &str = "session tokens cannot be verified at the moment; try again";

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    message: String,
}

impl SessionTokenError {
    /// The answer for the frontend: 401 or 503, as `{"error": …, "message": …}`. `error` is the word of [`Self::word`].
    ///
    /// A 401 has a `WWW-Authenticate: Bearer`, a 503 a `Retry-After`, and does not say what failed behind us.
    #[must_use]
    pub fn answer<B: From<String>>(&self) -> Response<B> {
        let message = if self.is_rejected() { self.to_string() } else { UNAVAILABLE.into() };
        let body = serde_json::to_string(&Body { error: self.word(), message }).unwrap_or_default();
        let mut response = Response::new(body.into());
        *response.status_mut() = self.status();
        self.put_headers(response.headers_mut());
        response
    }

    fn put_headers(&self, headers: &mut HeaderMap) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(challenge) = self.challenge() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(span) = self.retry_in() {
            headers.insert(RETRY_AFTER, whole_seconds(span).into());
        }
    }

    /// RFC 6750 §3.1: whoever sent no token is told of no error in it.
    fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::KeysUnavailable(_) => None,
            Self::Missing => Some("Bearer"),
            _ => Some(r#"Bearer error="invalid_token""#),
        }
    }
}

/// Rounded up, so that whoever comes back then is not early.
fn whole_seconds(span: Duration) -> u64 {
    (span.as_secs() + u64::from(span.subsec_nanos() > 0)).max(1)
}
