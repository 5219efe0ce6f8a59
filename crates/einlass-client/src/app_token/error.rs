//! Why an app token is not believed, and what to do about it.

use crate::incoming::{self, Fault, Refusal, Span, cause};
use crate::keyset::KeysUnavailable;
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::time::UnixTime;
use http::{Response, StatusCode};
use std::time::Duration;

/// An app token that was not believed. It says what to do about it, and never has the token in it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppTokenError {
    /// No token, or not exactly one.
    #[error(
        "there is no app token: send `Authorization: Bearer` and what appBridge.method.call('getAppToken') gives, once"
    )]
    Missing,
    /// The app's own token, which no frontend should ever have had.
    #[error("this is an access token; send the app token of appBridge.method.call('getAppToken')")]
    AccessToken,
    /// Something else, or an app token that was damaged on its way.
    #[error(
        "this is no app token ({0}); send that of appBridge.method.call('getAppToken'), whole and unchanged"
    )]
    NotAnAppToken(TokenRejected),
    /// It has expired, which each does within minutes.
    #[error("expired {} ago: the frontend must ask getAppToken anew", Span(*.0))]
    Expired(Duration),
    /// It does not count yet.
    #[error("counts only in {}: do this machine's clock and the platform's agree?", Span(*.0))]
    NotYetValid(Duration),
    /// None of the issuer's keys has signed it.
    #[error("no key: none that the issuer has checks the signature; is JTL_ISSUER that of another platform?")]
    NoKey,
    /// It says that another issuer has issued it.
    #[error(
        "another issuer has issued it: JTL_ISSUER is to be the one that issues app tokens, letter by letter"
    )]
    OtherIssuer,
    /// It is for another app.
    #[error("it is for another app, or for none: is JTL_APP_ID this app's?")]
    OtherApp,
    /// There are no keys to verify it with, so nothing can be said about it.
    #[error("keys cannot be fetched: {}; the app token may be good, so answer 503 and not 401", cause(.0))]
    KeysUnavailable(#[from] KeysUnavailable),
}

impl AppTokenError {
    pub(super) fn of(rejected: TokenRejected, now: UnixTime) -> Self {
        match rejected {
            TokenRejected::Expired(at) => Self::Expired(now.since(at)),
            TokenRejected::NotYetValid(at) => Self::NotYetValid(at.since(now)),
            TokenRejected::UnknownKey(_) => Self::NoKey,
            TokenRejected::Issuer => Self::OtherIssuer,
            TokenRejected::App | TokenRejected::Audience => Self::OtherApp,
            TokenRejected::Type(Some(typ)) if typ.eq_ignore_ascii_case("at+jwt") => Self::AccessToken,
            other => Self::NotAnAppToken(other),
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
            Self::Missing => "app_token_missing",
            Self::AccessToken => "access_token_sent",
            Self::NotAnAppToken(_) => "not_an_app_token",
            Self::Expired(_) => "app_token_expired",
            Self::NotYetValid(_) => "app_token_not_yet_valid",
            Self::NoKey => "app_token_unknown_key",
            Self::OtherIssuer => "app_token_of_another_issuer",
            Self::OtherApp => "app_token_of_another_app",
            Self::KeysUnavailable(_) => "app_token_keys_unavailable",
        }
    }
}

impl Refusal for AppTokenError {
    const UNAVAILABLE: &'static str = "app tokens cannot be verified at the moment; try again";

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
