//! Session tokens: which person is in front of the App Shell, and for which tenant.
//!
//! Their format is the platform's and the poorest of all: no `iss`, no `aud`, no `kid` in the header, and a `kid` in
//! the payload that is the merchant's customer number. Nothing in one says which app it is for. If anything does, it is
//! the key that has signed it.

use super::compact::{UntrustedHeader, Unverified, encoded, present};
use super::key_set::KeySet;
use super::times::Span;
use super::{Algorithm, TokenRejected};
use crate::claims::SessionClaims;
use crate::ids::{PersonId, TenantId};
use crate::time::UnixTime;
use serde::{Deserialize, Deserializer, de::Error as _};
use std::fmt::Display;
use std::str::FromStr;

/// The header, to the letter.
const HEADER: &str = r#"{"alg":"EdDSA","typ":"JWT"}"#;
const TYPE: &str = "JWT";

/// What is signed (RFC 7515 §5.1), to be signed by Ed25519.
#[must_use]
pub fn session_signing_input(claims: &SessionClaims) -> String {
    encoded(HEADER, &claims.to_json())
}

/// Checks form, kind, signature and times of a session token, in this order.
///
/// `exp`, `userId`, `tenantId` and `kid` have to be there: the ids as hyphenated UUIDs, the customer number as a text
/// that is not empty, since a JSON number would lose its leading zeros. `iat` and `nbf` are no part of the format; one
/// that is there counts as in every other token. `iss`, `sub` or `aud` make it a token of another kind. Claims that
/// nobody knows are passed over (RFC 7519 §4).
pub fn verify_session(token: &str, keys: &KeySet, now: UnixTime) -> Result<SessionClaims, TokenRejected> {
    let unverified = Unverified::parse(token)?;
    check_kind(&unverified.header)?;
    // No header names the key, so each one is tried; the payload's `kid` is none.
    keys.check(None, Algorithm::EdDsa.as_str(), unverified.message, &unverified.signature)?;
    let claims: Claims = serde_json::from_slice(&unverified.payload()?)
        .map_err(|fault| TokenRejected::Claims(fault.to_string()))?;
    claims.judged(now)
}

fn check_kind(header: &UntrustedHeader) -> Result<(), TokenRejected> {
    // RFC 8725 §3.11: no other kind of JWT passes for this one.
    if header.typ.as_deref().is_some_and(|typ| typ != TYPE) {
        return Err(TokenRejected::Type(header.typ.clone()));
    }
    // RFC 8725 §3.1
    if header.alg != Algorithm::EdDsa.as_str() {
        return Err(TokenRejected::Algorithm { expected: Algorithm::EdDsa, found: header.alg.clone() });
    }
    if header.kid.is_some() {
        return Err(TokenRejected::HeaderParameter("kid"));
    }
    Ok(())
}

/// Serde refuses a claim that is there twice.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    #[serde(deserialize_with = "hyphenated")]
    user_id: PersonId,
    #[serde(deserialize_with = "hyphenated")]
    tenant_id: TenantId,
    #[serde(deserialize_with = "filled")]
    kid: String,
    tenant_slug: Option<String>,
    #[serde(default, deserialize_with = "present")]
    iss: bool,
    #[serde(default, deserialize_with = "present")]
    sub: bool,
    #[serde(default, deserialize_with = "present")]
    aud: bool,
}

impl Claims {
    fn judged(self, now: UnixTime) -> Result<SessionClaims, TokenRejected> {
        let strange = [(self.iss, "iss"), (self.sub, "sub"), (self.aud, "aud")];
        if let Some((_, name)) = strange.into_iter().find(|(is_there, _)| *is_there) {
            return Err(TokenRejected::OtherKind(name));
        }
        let span = Span::new(self.exp, self.iat.unwrap_or(i64::MIN), self.nbf);
        span.check(now)?;
        Ok(SessionClaims {
            user: self.user_id,
            tenant: self.tenant_id,
            customer_number: self.kid,
            tenant_slug: self.tenant_slug,
            expires_at: span.expires_at,
        })
    }
}

/// An id in its one spelling, where serde would accept others.
fn hyphenated<'de, D, T>(id: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    String::deserialize(id)?.parse().map_err(D::Error::custom)
}

fn filled<'de, D: Deserializer<'de>>(number: D) -> Result<String, D::Error> {
    let number = String::deserialize(number)?;
    if number.is_empty() {
        return Err(D::Error::custom("`kid` is empty, where the customer number belongs"));
    }
    Ok(number)
}
