//! The answer of a token endpoint (RFC 6749 §5.1).

use crate::scope::ScopeSet;
use serde::{Deserialize, Serialize};

/// How a token is presented. `Bearer` alone (RFC 6750).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the name is the specification's")]
pub enum TokenType {
    Bearer,
}

impl<'de> Deserialize<'de> for TokenType {
    /// RFC 6749 §5.1: the value is case insensitive.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        if text.eq_ignore_ascii_case("bearer") {
            return Ok(Self::Bearer);
        }
        Err(serde::de::Error::custom("not a bearer token"))
    }
}

/// A token on its way to its client. No `Debug`: it holds a secret.
#[derive(Serialize)]
pub struct TokenResponse<'a> {
    /// The token.
    pub access_token: &'a str,
    /// How it is presented.
    pub token_type: TokenType,
    /// Its lifetime in seconds, from now.
    pub expires_in: u64,
    /// What it opens, if that is not exactly what was asked for (RFC 6749 §5.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'a ScopeSet>,
    /// What gets the next one (RFC 6749 §6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<&'a str>,
    /// Who signed in (OpenID Connect Core §3.1.3.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<&'a str>,
}
