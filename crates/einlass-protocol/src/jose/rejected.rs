//! Why a token is not accepted.

use super::Algorithm;
use crate::time::UnixTime;
use std::fmt;

/// Why a token is not accepted. For the log and for tests: what a caller is told is that it is invalid.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenRejected {
    /// The signature algorithm is none that the key was made for (RFC 8725 §3.1).
    #[error("algorithm {:?} where the key is for {expected}", cut(found))]
    Algorithm {
        /// What the key is for.
        expected: Algorithm,
        /// What the token's header says.
        found: String,
    },
    /// It is for another app, or for none.
    #[error("the app is another")]
    App,
    /// `aud` is for somebody else (RFC 7519 §4.1.3).
    #[error("the audience is another")]
    Audience,
    /// A claim is of the wrong form, missing or there twice.
    #[error("claims: {0}")]
    Claims(String),
    /// `exp` has passed (RFC 7519 §4.1.4).
    #[error("expired at {0}")]
    Expired(UnixTime),
    /// The header asks for what is not supported: `crit`, `b64`, a key of the token's own (RFC 7515 §4.1), or any
    /// named key where this kind of token names none.
    #[error("header parameter {0:?} is not accepted")]
    HeaderParameter(&'static str),
    /// `iss` is somebody else (RFC 7519 §4.1.1).
    #[error("the issuer is another")]
    Issuer,
    /// Not a JWS in compact form (RFC 7515 §7.1).
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// It answers another request than the one that was made (OpenID Connect Core §3.1.3.7).
    #[error("the nonce is another")]
    Nonce,
    /// `nbf` or `iat` lies ahead (RFC 7519 §4.1.5).
    #[error("not valid before {0}")]
    NotYetValid(UnixTime),
    /// A claim that only tokens of another kind have.
    #[error("the claim {0:?} is none of this kind of token")]
    OtherKind(&'static str),
    /// No key checks this signature.
    #[error("the signature is wrong")]
    Signature,
    /// Over 8 KiB: refused before it is looked at.
    #[error("longer than 8 KiB")]
    TooLong,
    /// `typ` names another kind of token (RFC 9068 §4).
    #[error("the type is another{}", Said(.0.as_deref()))]
    Type(Option<String>),
    /// The key set has no key of this `kid`. A newer key set may have it.
    #[error("no key has signed it{}", Said(.0.as_deref()))]
    UnknownKey(Option<String>),
}

/// `: "text"`, or nothing.
struct Said<'a>(Option<&'a str>);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |text| write!(f, ": {:?}", cut(text)))
    }
}

/// As much of an attacker's text as may go into a log.
fn cut(text: &str) -> &str {
    text.char_indices().nth(64).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_token_says_of_itself_fills_no_log() {
        let long = "ä".repeat(4_000);
        for rejected in [
            TokenRejected::UnknownKey(Some(long.clone())),
            TokenRejected::Type(Some(long.clone())),
            TokenRejected::Algorithm { expected: Algorithm::Rs256, found: long },
        ] {
            let text = rejected.to_string();
            assert!(text.contains(&"ä".repeat(64)) && text.chars().count() < 120, "{text}");
        }
    }
}
