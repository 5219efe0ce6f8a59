//! Why a session token is not believed, and what to do about it.

use crate::incoming::{self, Fault, Refusal, Span, cause};
use crate::keyset::KeysUnavailable;
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::time::UnixTime;
use http::{Response, StatusCode};
use std::time::Duration;

/// A session token that was not believed. It says what to do about it, and never has the token in it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionTokenError {
    /// No token, or not exactly one.
    #[error(
        "there is no session token: send `Authorization: Bearer` and what appBridge.method.call('getSessionToken') gives, once"
    )]
    Missing,
    /// The app's own token, which no frontend should ever have had.
    #[error("this is an access token; send the session token of appBridge.method.call('getSessionToken')")]
    AccessToken,
    /// Something else, or a session token that was damaged on its way.
    #[error(
        "this is no session token ({0}); send that of appBridge.method.call('getSessionToken'), whole and unchanged"
    )]
    NotASessionToken(TokenRejected),
    /// It has expired, which each does within minutes.
    #[error("expired {} ago: the frontend must ask getSessionToken anew", Span(*.0))]
    Expired(Duration),
    /// It does not count yet.
    #[error("counts only in {}: do this machine's clock and the platform's agree?", Span(*.0))]
    NotYetValid(Duration),
    /// None of the platform's keys has signed it.
    #[error(
        "no key: none that the platform has for this app checks the signature; is it a token of another app, or do \
         JTL_API_BASE and CLIENT_ID belong to another platform?"
    )]
    NoKey,
    /// There are no keys to verify it with, so nothing can be said about it.
    #[error("keys cannot be fetched: {}; the session token may be good, so answer 503 and not 401", cause(.0))]
    KeysUnavailable(#[from] KeysUnavailable),
}

impl SessionTokenError {
    pub(super) fn of(rejected: TokenRejected, now: UnixTime) -> Self {
        match rejected {
            TokenRejected::Expired(at) => Self::Expired(now.since(at)),
            TokenRejected::NotYetValid(at) => Self::NotYetValid(at.since(now)),
            TokenRejected::UnknownKey(_) => Self::NoKey,
            TokenRejected::Type(Some(typ)) if typ.eq_ignore_ascii_case("at+jwt") => Self::AccessToken,
            other => Self::NotASessionToken(other),
        }
    }

    /// Whether the token is at fault: a 401, after which the frontend asks for another one. Else it is not known, which is
    /// a 503.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        !matches!(self, Self::KeysUnavailable(_))
    }

    /// What a backend answers: 401 or 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        incoming::status(self)
    }

    /// The answer for the frontend: 401 or 503, as `{"error": …, "message": …}`. `error` is the word of [`Self::word`].
    ///
    /// A 401 has a `WWW-Authenticate: Bearer`, a 503 a `Retry-After`, and does not say what failed behind us.
    #[must_use]
    pub fn answer<B: From<String>>(&self) -> Response<B> {
        incoming::answer(self)
    }

    /// How long until there may be keys, if there are none: what goes into `Retry-After`.
    #[must_use]
    pub fn retry_in(&self) -> Option<Duration> {
        match self {
            Self::KeysUnavailable(unavailable) => Some(unavailable.retry_in),
            _ => None,
        }
    }

    /// A stable word for programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Missing => "session_token_missing",
            Self::AccessToken => "access_token_sent",
            Self::NotASessionToken(_) => "not_a_session_token",
            Self::Expired(_) => "session_token_expired",
            Self::NotYetValid(_) => "session_token_not_yet_valid",
            Self::NoKey => "session_token_unknown_key",
            Self::KeysUnavailable(_) => "session_keys_unavailable",
        }
    }
}

impl Refusal for SessionTokenError {
    const UNAVAILABLE: &'static str = "session tokens cannot be verified at the moment; try again";

    fn fault(&self) -> Fault {
        match self {
            Self::Missing => Fault::NoToken,
            Self::KeysUnavailable(unavailable) => Fault::NoKeys(unavailable.retry_in),
            _ => Fault::Token,
        }
    }

    fn word(&self) -> &'static str {
        Self::word(self)
    }
}
