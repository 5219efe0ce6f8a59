//! Why a session token is not believed, and what to do about it.

use crate::keyset::KeysUnavailable;
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::time::UnixTime;
use http::StatusCode;
use std::fmt;
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
        if self.is_rejected() { StatusCode::UNAUTHORIZED } else { StatusCode::SERVICE_UNAVAILABLE }
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

fn cause(unavailable: &KeysUnavailable) -> String {
    unavailable.last_error.as_ref().map_or_else(|| "not asked yet".into(), ToString::to_string)
}

/// A span of time as people say it, in the largest unit of which there are two.
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let units = [(24 * 3600, "days"), (3600, "hours"), (60, "minutes")];
        let (unit, name) = units.into_iter().find(|(unit, _)| seconds >= 2 * unit).unwrap_or((1, "seconds"));
        write!(f, "{} {name}", seconds / unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_as_people_say_it() {
        let said = |seconds| Span(Duration::from_secs(seconds)).to_string();
        assert_eq!([30, 119].map(said), ["30 seconds", "119 seconds"]);
        assert_eq!([120, 7_199, 7_200].map(said), ["2 minutes", "119 minutes", "2 hours"]);
        assert_eq!([2 * 86_400, 400 * 86_400].map(said), ["2 days", "400 days"]);
    }
}
