//! App tokens: which person is in front of the App Shell, for which tenant and which app. Unlike session tokens they name
//! their issuer and their app, and the key that has signed them.

use super::compact::Unverified;
use super::key_set::KeySet;
use super::times::Span;
use super::{Algorithm, RememberedToken, TokenRejected};
use crate::claims::{AppClaims, Audience};
use crate::ids::{AppId, TenantId, TokenId};
use crate::time::UnixTime;
use serde::Deserialize;
use std::sync::Arc;

const TYPE: &str = "JWT";

/// Checks app tokens of one issuer.
#[derive(Clone, Debug)]
pub struct AppVerifier {
    issuer: String,
    /// The only app whose tokens count, if not those of every app.
    app: Option<AppId>,
}

impl AppVerifier {
    /// Accepts the tokens for one app, at that app; clocks may differ by 30 seconds.
    #[must_use]
    pub fn of_app(issuer: impl Into<String>, app: AppId) -> Self {
        Self { issuer: issuer.into(), app: Some(app) }
    }

    /// Accepts the tokens for any app, at the platform itself.
    #[must_use]
    pub fn of_every_app(issuer: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), app: None }
    }

    /// Checks form, kind, signature, times, issuer, audience and app, in this order: nothing that the token says is believed
    /// before its signature is.
    pub fn verify(&self, token: &str, keys: &KeySet, now: UnixTime) -> Result<AppClaims, TokenRejected> {
        self.verify_to_remember(token, keys, now).map(|token| Arc::unwrap_or_clone(token.claims))
    }

    /// The same for somebody who will see this token again. What is remembered counts for the key set `keys` alone.
    pub fn verify_to_remember(
        &self,
        token: &str,
        keys: &KeySet,
        now: UnixTime,
    ) -> Result<RememberedToken<AppClaims>, TokenRejected> {
        let unverified = Unverified::parse(token)?;
        let header = &unverified.header;
        // RFC 8725 §3.11: an access token says that it is one.
        if header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case(TYPE)) {
            return Err(TokenRejected::Type(header.typ.clone()));
        }
        if header.alg != Algorithm::Rs256.as_str() {
            return Err(TokenRejected::Algorithm { expected: Algorithm::Rs256, found: header.alg.clone() });
        }
        // Unlike a session token it has the name of its key.
        let kid = header.kid.as_deref().ok_or(TokenRejected::Malformed("no `kid` in the header"))?;
        keys.check(Some(kid), &header.alg, unverified.message, &unverified.signature)?;
        let claims: Claims = serde_json::from_slice(&unverified.payload()?)
            .map_err(|fault| TokenRejected::Claims(fault.to_string()))?;
        self.judge(claims, now)
    }

    fn judge(&self, claims: Claims, now: UnixTime) -> Result<RememberedToken<AppClaims>, TokenRejected> {
        let span = Span::new(claims.exp, claims.iat.unwrap_or(i64::MIN), claims.nbf);
        span.check(now)?;
        if claims.iss != self.issuer {
            return Err(TokenRejected::Issuer);
        }
        let app = match self.app {
            Some(app) if claims.app_id.is_some_and(|named| named != app) => return Err(TokenRejected::App),
            Some(app) => app,
            // An ID token has none, so that it is never taken for one of these.
            None => claims.app_id.ok_or(TokenRejected::App)?,
        };
        if !claims.aud.contains(&app.to_string()) {
            return Err(TokenRejected::Audience);
        }
        let claims = AppClaims {
            issuer: claims.iss,
            subject: claims.sub,
            app,
            tenant: claims.tenant_id,
            token_id: claims.jti,
            issued_at: span.issued_at,
            expires_at: span.expires_at,
        };
        Ok(RememberedToken { claims: Arc::new(claims), span })
    }
}

/// Serde refuses one that is there twice, and one that is malformed.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    #[serde(rename = "urn:jtl:tenant_id")]
    tenant_id: TenantId,
    #[serde(rename = "urn:jtl:app_id")]
    app_id: Option<AppId>,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: Option<TokenId>,
}
