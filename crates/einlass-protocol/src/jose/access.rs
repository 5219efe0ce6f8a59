//! Access tokens (RFC 9068 §4), checked strictly.

use super::compact::Unverified;
use super::key_set::KeySet;
use super::times::Span;
use super::{RememberedToken, TokenRejected};
use crate::claims::{AccessClaims, Audience};
use crate::ids::{AppId, ClientId, CredentialId, TokenId};
use crate::scope::ScopeSet;
use crate::time::UnixTime;
use serde::Deserialize;
use std::sync::Arc;

/// Checks access tokens of one issuer for one audience.
#[derive(Clone, Debug)]
pub struct AccessVerifier {
    issuer: String,
    audience: String,
}

impl AccessVerifier {
    /// Accepts tokens of `issuer` for `audience`; clocks may differ by 30 seconds.
    #[must_use]
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), audience: audience.into() }
    }

    /// Checks form, kind, signature, times, issuer and audience, in this order: nothing that the token
    /// says is believed before its signature is.
    pub fn verify(&self, token: &str, keys: &KeySet, now: UnixTime) -> Result<AccessClaims, TokenRejected> {
        self.verify_to_remember(token, keys, now).map(|token| Arc::unwrap_or_clone(token.claims))
    }

    /// The same for somebody who will see this token again and does not want to check its signature each time. What
    /// is remembered counts for the key set `keys` alone: another one may lack the key.
    pub fn verify_to_remember(
        &self,
        token: &str,
        keys: &KeySet,
        now: UnixTime,
    ) -> Result<RememberedToken<AccessClaims>, TokenRejected> {
        let unverified = Unverified::parse(token)?;
        let header = &unverified.header;
        // RFC 9068 §4: any other type is rejected, so that no other kind of JWT passes for an access token.
        if !header.typ.as_deref().is_some_and(is_access_type) {
            return Err(TokenRejected::Type(header.typ.clone()));
        }
        keys.check(header.kid.as_deref(), &header.alg, unverified.message, &unverified.signature)?;
        let claims: Claims = serde_json::from_slice(&unverified.payload()?)
            .map_err(|fault| TokenRejected::Claims(fault.to_string()))?;
        self.judge(claims, now)
    }

    fn judge(&self, claims: Claims, now: UnixTime) -> Result<RememberedToken<AccessClaims>, TokenRejected> {
        let span = Span::new(claims.exp, claims.iat, claims.nbf);
        span.check(now)?;
        if claims.iss != self.issuer {
            return Err(TokenRejected::Issuer);
        }
        if !claims.aud.contains(&self.audience) {
            return Err(TokenRejected::Audience);
        }
        let claims = AccessClaims {
            issuer: claims.iss,
            subject: claims.sub,
            audience: self.audience.clone(),
            client_id: claims.client_id,
            app_id: claims.app_id,
            credential_id: claims.credential_id,
            token_id: claims.jti,
            scope: claims.scope,
            issued_at: span.issued_at,
            expires_at: span.expires_at,
        };
        Ok(RememberedToken { claims: Arc::new(claims), span })
    }
}

fn is_access_type(typ: &str) -> bool {
    typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt")
}

/// The claims that RFC 9068 §2.2 requires, and ours. Serde refuses one that is there twice.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    client_id: ClientId,
    app_id: AppId,
    credential_id: CredentialId,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    jti: TokenId,
    #[serde(default)]
    scope: ScopeSet,
}
