//! What access tokens say.

use crate::ids::{AppId, ClientId, CredentialId, TokenId};
use crate::scope::{Scope, ScopeSet};
use crate::time::UnixTime;
use serde::Serialize;

/// An access token's claims: RFC 9068 §2.2, with `scp` beside `scope`, and the app and the credential that
/// it came from. No tenant: that is stated by each request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccessClaims {
    /// `iss`: who issued it.
    pub issuer: String,
    /// `sub`: the client itself, or the person it acts for (RFC 9068 §2.2).
    pub subject: String,
    /// `aud`: what it is for.
    pub audience: String,
    /// `client_id`: which client asked for it.
    pub client_id: ClientId,
    /// `app_id`: the app that the client belongs to.
    pub app_id: AppId,
    /// `credential_id`: the secret or grant it came from, so that one leaked secret can be revoked alone.
    pub credential_id: CredentialId,
    /// `jti`: this token.
    pub token_id: TokenId,
    /// `scope` and `scp`: what it opens.
    pub scope: ScopeSet,
    /// `iat` and `nbf`.
    pub issued_at: UnixTime,
    /// `exp`.
    pub expires_at: UnixTime,
}

impl AccessClaims {
    /// Whether a person stands behind it (and not the client alone).
    #[must_use]
    pub fn is_user_bound(&self) -> bool {
        self.subject != self.client_id.as_str()
    }

    /// The JWT's payload.
    #[must_use]
    pub fn to_json(&self) -> String {
        let wire = Wire {
            iss: &self.issuer,
            sub: &self.subject,
            aud: &self.audience,
            client_id: &self.client_id,
            app_id: self.app_id,
            credential_id: self.credential_id,
            iat: self.issued_at.seconds(),
            nbf: self.issued_at.seconds(),
            exp: self.expires_at.seconds(),
            jti: self.token_id,
            scope: &self.scope,
            scp: self.scope.iter().collect(),
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    client_id: &'a ClientId,
    app_id: AppId,
    credential_id: CredentialId,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: TokenId,
    scope: &'a ScopeSet,
    scp: Vec<&'a Scope>,
}
