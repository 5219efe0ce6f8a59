//! The answer of `POST /v1/auth`.

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// What a channel's answer calls its scope.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ScopeWord {
    /// `CHANNEL`, as the platform documents it.
    #[default]
    Channel,
    /// `CHAN`, for clients that know no other word: the platform's own PHP client is one.
    Chan,
}

/// A text that is no such word.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("neither `CHANNEL` nor `CHAN`")]
pub struct UnknownScopeWord;

impl fmt::Display for ScopeWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Channel => "CHANNEL",
            Self::Chan => "CHAN",
        })
    }
}

impl FromStr for ScopeWord {
    type Err = UnknownScopeWord;

    fn from_str(text: &str) -> Result<Self, UnknownScopeWord> {
        match text {
            "CHANNEL" => Ok(Self::Channel),
            "CHAN" => Ok(Self::Chan),
            _ => Err(UnknownScopeWord),
        }
    }
}

/// A token on its way to its client. No `Debug`: it holds a secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthAnswer<'a> {
    /// `CHANNEL`, `CHAN` or `SELLER`.
    pub scope: &'a str,
    /// The token.
    pub auth_token: &'a str,
    /// When it ends: RFC 3339 with an offset in digits, as `2024-05-14T08:07:42+00:00`.
    pub token_expire_at: &'a str,
    /// Its lifetime in whole seconds, from now.
    pub expires_in: u64,
}
