//! A channel's or a seller's `authToken`, checked as strictly as access tokens are.

use super::TokenRejected;
use super::compact::Unverified;
use super::key_set::KeySet;
use super::times::Span;
use crate::claims::Audience;
use crate::ids::{CredentialId, TenantId, TokenId};
use crate::scx::{AUTH_TOKEN_TYPE, Party, ScxClaims};
use crate::time::UnixTime;
use serde::Deserialize;

/// Checks `authToken`s of one issuer for one audience.
#[derive(Clone, Debug)]
pub struct ScxVerifier {
    issuer: String,
    audience: String,
}

impl ScxVerifier {
    /// Accepts tokens of `issuer` for `audience`.
    #[must_use]
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), audience: audience.into() }
    }

    /// Checks form, kind, signature, times, issuer and audience, in this order.
    pub fn verify(&self, token: &str, keys: &KeySet, now: UnixTime) -> Result<ScxClaims, TokenRejected> {
        let unverified = Unverified::parse(token)?;
        let header = &unverified.header;
        // RFC 8725 §3.11: no other kind of JWT passes for this one.
        if header.typ.as_deref() != Some(AUTH_TOKEN_TYPE) {
            return Err(TokenRejected::Type(header.typ.clone()));
        }
        keys.check(header.kid.as_deref(), &header.alg, unverified.message, &unverified.signature)?;
        let claims: Claims = serde_json::from_slice(&unverified.payload()?)
            .map_err(|fault| TokenRejected::Claims(fault.to_string()))?;
        let span = Span::new(claims.exp, claims.iat, claims.nbf);
        span.check(now)?;
        if claims.iss != self.issuer {
            return Err(TokenRejected::Issuer);
        }
        if !claims.aud.contains(&self.audience) {
            return Err(TokenRejected::Audience);
        }
        Ok(ScxClaims {
            party: party(&claims)?,
            issuer: claims.iss,
            audience: self.audience.clone(),
            credential_id: claims.credential_id,
            token_id: claims.jti,
            issued_at: span.issued_at,
            expires_at: span.expires_at,
        })
    }
}

fn party(claims: &Claims) -> Result<Party, TokenRejected> {
    let malformed = || TokenRejected::Claims("`scope` and `sub` name neither a channel nor a seller".into());
    match (&*claims.scope, claims.tenant_id) {
        ("CHANNEL", None) => Ok(Party::Channel(claims.sub.parse().map_err(|_| malformed())?)),
        ("SELLER", Some(tenant)) => {
            Ok(Party::Seller { account: claims.sub.parse().map_err(|_| malformed())?, tenant })
        }
        _ => Err(malformed()),
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    scope: String,
    tenant_id: Option<TenantId>,
    credential_id: CredentialId,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    jti: TokenId,
}
