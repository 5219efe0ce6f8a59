//! What session tokens say.

use crate::ids::{PersonId, TenantId};
use crate::time::UnixTime;
use serde::Serialize;

/// A session token's claims: who is in front of the App Shell, and for which tenant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionClaims {
    /// `userId`: who is signed in.
    pub user: PersonId,
    /// `tenantId`: the value for `X-Tenant-ID`.
    pub tenant: TenantId,
    /// `kid`: the merchant's customer number. It names no key.
    pub customer_number: String,
    /// `tenantSlug`: how the tenant is called in addresses.
    pub tenant_slug: Option<String>,
    /// `exp`.
    pub expires_at: UnixTime,
}

impl SessionClaims {
    /// The JWT's payload.
    #[must_use]
    pub fn to_json(&self) -> String {
        let wire = Wire {
            exp: self.expires_at.seconds(),
            user_id: self.user,
            tenant_id: self.tenant,
            kid: &self.customer_number,
            tenant_slug: self.tenant_slug.as_deref(),
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    exp: i64,
    user_id: PersonId,
    tenant_id: TenantId,
    kid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_slug: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_has_what_the_format_has_and_no_more() {
        let claims = SessionClaims {
            user: "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10".parse().unwrap(),
            tenant: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
            customer_number: "004711".into(),
            tenant_slug: None,
            expires_at: UnixTime::from_millis(1_800_000_000_999),
        };
        let bare = r#"{"exp":1800000000,"userId":"6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10","tenantId":"00000000-0000-4000-8000-000000000001","kid":"004711"}"#;
        assert_eq!(claims.to_json(), bare);
        let named = SessionClaims { tenant_slug: Some("bikes".into()), ..claims };
        assert_eq!(named.to_json(), bare.replace('}', r#","tenantSlug":"bikes"}"#));
    }
}
