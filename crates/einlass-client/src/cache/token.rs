//! A token as the cache keeps it: ready to be sent, and aware of its own age.

use super::windows::Windows;
use crate::clock::{Deadline, Moment};
use crate::fetch::{FetchError, IssuedToken};
use crate::jitter::Jitter;
use einlass_protocol::time::UnixTime;
use http::HeaderValue;

const SCHEME: &str = "Bearer ";

/// Which of a cache's tokens one is: a later token has a greater generation.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Generation(pub(super) u64);

/// An access token. Its `Debug` shows everything but the token.
#[derive(Debug)]
pub struct Token {
    authorization: HeaderValue,
    generation: Generation,
    due: Deadline,
    unusable: Deadline,
    expired: Deadline,
}

impl Token {
    /// `asked_at` is the moment before the request for it was sent: the time that the answer took is not
    /// part of the token's life.
    pub(super) fn new(
        issued: &IssuedToken,
        generation: Generation,
        asked_at: Moment,
        jitter: &dyn Jitter,
    ) -> Result<Self, FetchError> {
        let windows = Windows::of(issued.lifetime, jitter);
        Ok(Self {
            authorization: bearer(issued)?,
            generation,
            due: asked_at.plus(windows.due),
            unusable: asked_at.plus(windows.unusable),
            expired: asked_at.plus(windows.expired),
        })
    }

    /// The value of the `Authorization` header (RFC 6750 §2.1), marked sensitive.
    #[must_use]
    pub fn authorization(&self) -> &HeaderValue {
        &self.authorization
    }

    /// The token itself, for callers that have to hand it on. It belongs in no log.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.authorization.to_str().ok().and_then(|value| value.strip_prefix(SCHEME)).unwrap_or_default()
    }

    /// Which of its cache's tokens this is.
    #[must_use]
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// When it expires by the wall clock.
    #[must_use]
    pub fn expires_at(&self) -> UnixTime {
        self.expired.wall()
    }

    pub(super) fn is_due(&self, now: Moment) -> bool {
        self.due.passed(now)
    }

    pub(super) fn is_usable(&self, now: Moment) -> bool {
        !self.unusable.passed(now)
    }
}

fn bearer(issued: &IssuedToken) -> Result<HeaderValue, FetchError> {
    let token = issued.access_token.expose();
    // RFC 6750 §2.1: b64token, which no answer can leave without breaking the header.
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(allowed) {
        return Err(FetchError::Unreadable("the access token is no Bearer token"));
    }
    let mut value = HeaderValue::from_str(&format!("{SCHEME}{token}"))
        .map_err(|_| FetchError::Unreadable("the access token is no Bearer token"))?;
    value.set_sensitive(true);
    Ok(value)
}
