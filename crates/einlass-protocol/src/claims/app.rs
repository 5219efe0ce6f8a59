//! What app tokens say.

use crate::ids::{AppId, TenantId, TokenId};
use crate::time::UnixTime;
use serde::Serialize;

/// An app token's claims: which person acts for which tenant in front of which app.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppClaims {
    /// `iss`: who issued it.
    pub issuer: String,
    /// `sub`: who is signed in.
    pub subject: String,
    /// `aud` and `urn:jtl:app_id`: the app.
    pub app: AppId,
    /// `urn:jtl:tenant_id`: the tenant, and the only one that it counts for.
    pub tenant: TenantId,
    /// `jti`: this token. Each of ours has one.
    pub token_id: Option<TokenId>,
    /// `iat`.
    pub issued_at: UnixTime,
    /// `exp`.
    pub expires_at: UnixTime,
}

impl AppClaims {
    /// The JWT's payload.
    #[must_use]
    pub fn to_json(&self) -> String {
        let wire = Wire {
            iss: &self.issuer,
            sub: &self.subject,
            aud: [self.app],
            tenant_id: self.tenant,
            app_id: self.app,
            iat: self.issued_at.seconds(),
            exp: self.expires_at.seconds(),
            jti: self.token_id,
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    iss: &'a str,
    sub: &'a str,
    /// A list, so that whoever looks for the app in it as in a list finds it.
    aud: [AppId; 1],
    #[serde(rename = "urn:jtl:tenant_id")]
    tenant_id: TenantId,
    #[serde(rename = "urn:jtl:app_id")]
    app_id: AppId,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<TokenId>,
}
