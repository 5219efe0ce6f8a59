//! The compact form of a signed token (RFC 7515 §7.1), read strictly.

use super::{Algorithm, TokenRejected, base64url, from_base64url};
use crate::scx::AUTH_TOKEN_TYPE;
use serde::{Deserialize, Deserializer, de::IgnoredAny};

/// Longer tokens are refused before they are looked at.
const MOST_BYTES: usize = 8 * 1024;

/// The header of a token that we issue: `alg` comes first, then `typ`, then `kid`; of an `authToken` `typ` comes first.
/// A session token has one of its own, see [`session_signing_input`](super::session_signing_input).
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// The signature's algorithm.
    pub algorithm: Algorithm,
    /// The kind of token (RFC 7515 §4.1.9).
    pub typ: &'a str,
    /// The key that signs it.
    pub kid: &'a str,
}

/// What is signed: header and payload, encoded and joined by a dot (RFC 7515 §5.1).
#[must_use]
pub fn signing_input(header: &Header<'_>, payload: &str) -> String {
    let Header { algorithm, typ, kid } = header;
    let header = match *typ {
        AUTH_TOKEN_TYPE => format!(r#"{{"typ":"{typ}","alg":"{algorithm}","kid":"{kid}"}}"#),
        _ => format!(r#"{{"alg":"{algorithm}","typ":"{typ}","kid":"{kid}"}}"#),
    };
    encoded(&header, payload)
}

/// Header and payload as they are, ready to be signed.
pub(super) fn encoded(header: &str, payload: &str) -> String {
    format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()))
}

/// A token taken apart, its signature not yet checked.
pub(super) struct Unverified<'a> {
    pub(super) header: UntrustedHeader,
    pub(super) message: &'a [u8],
    pub(super) signature: Vec<u8>,
    payload: &'a str,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart and refuses what no key could make acceptable.
    pub(super) fn parse(token: &'a str) -> Result<Self, TokenRejected> {
        if token.len() > MOST_BYTES {
            return Err(TokenRejected::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenRejected::Malformed("one part"))?;
        let (header, payload) = message.split_once('.').ok_or(TokenRejected::Malformed("two parts"))?;
        if payload.contains('.') {
            return Err(TokenRejected::Malformed("more than three parts"));
        }
        let header = UntrustedHeader::parse(header)?;
        let signature =
            from_base64url(signature).ok_or(TokenRejected::Malformed("the signature is not base64url"))?;
        Ok(Self { header, message: message.as_bytes(), signature, payload })
    }

    /// The payload's bytes. To be asked for after the signature was checked.
    pub(super) fn payload(&self) -> Result<Vec<u8>, TokenRejected> {
        from_base64url(self.payload).ok_or(TokenRejected::Malformed("the payload is not base64url"))
    }
}

/// A header as it came. Members that are there twice are refused (RFC 7515 §4).
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one for each parameter that must not be there")]
pub(super) struct UntrustedHeader {
    pub(super) alg: String,
    #[serde(default)]
    pub(super) typ: Option<String>,
    #[serde(default)]
    pub(super) kid: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    b64: bool,
    #[serde(default, deserialize_with = "present")]
    jku: bool,
    #[serde(default, deserialize_with = "present")]
    jwk: bool,
    #[serde(default, deserialize_with = "present")]
    x5c: bool,
    #[serde(default, deserialize_with = "present")]
    x5u: bool,
}

impl UntrustedHeader {
    fn parse(encoded: &str) -> Result<Self, TokenRejected> {
        let bytes = from_base64url(encoded).ok_or(TokenRejected::Malformed("the header is not base64url"))?;
        let header: Self =
            serde_json::from_slice(&bytes).map_err(|_| TokenRejected::Malformed("the header is no JSON"))?;
        // RFC 7515 §4.1.11: an extension that is not understood and marked critical makes the JWS invalid.
        // A key that the token brings along is the attacker's (RFC 8725 §3.10).
        let refused = [
            (header.crit, "crit"),
            (header.b64, "b64"),
            (header.jku, "jku"),
            (header.jwk, "jwk"),
            (header.x5c, "x5c"),
            (header.x5u, "x5u"),
        ];
        match refused.into_iter().find(|(is_there, _)| *is_there) {
            Some((_, name)) => Err(TokenRejected::HeaderParameter(name)),
            None => Ok(header),
        }
    }
}

/// True for whatever value a member has, `null` included.
pub(super) fn present<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| true)
}
